import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService } from '../util/fixtures';

/** What `AWS::ECS::TaskDefinition` says of a file system in memory. */
interface Tmpfs {
  readonly ContainerPath: string;
  readonly Size: number;
  readonly MountOptions?: string[];
}

/** The file system of a container as the template has it: the image read-only and root's, each tmpfs with its options. Then one write as another user. */
const WRITE_AS_NOBODY = `
set -e
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
shift
target=$1 && shift
for mounted in "$@"; do mount -t tmpfs -o "\${mounted#*=}" tmpfs "\${mounted%%=*}"; done
exec setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs sh -c 'echo written > "$0" && test "$(cat "$0")" = written' "$target"
`;

const CAN_MOUNT = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** Only root on Linux may mount: elsewhere the options are asserted, and their effect is not seen. */
describe(`writablePaths, ${CAN_MOUNT ? 'mounted' : 'not mounted: that takes root on Linux'}`, () => {
  const seen = CAN_MOUNT ? test : test.skip;
  const paths = ['/tmp', '/var/cache/orders'];
  let image: string;

  beforeAll(() => {
    image = mkdtempSync(join(tmpdir(), 'image-'));
    [...paths, '/srv'].forEach((path) => mkdirSync(join(image, path), { recursive: true }));
    chmodSync(image, 0o755);
  });

  afterAll(() => rmSync(image, { recursive: true }));

  const write = (path: string, mounts: Tmpfs[]) => spawnSync('unshare', ['--mount', 'sh', '-c', WRITE_AS_NOBODY, 'sh', image, join(image, path),
    ...mounts.map(({ ContainerPath, Size, MountOptions = [] }) => `${join(image, ContainerPath)}=${[`size=${Size}m`, ...MountOptions].join(',')}`)],
  { encoding: 'utf8' });

  test('are tmpfs with a mode, beside a read-only root', () => {
    expect(tmpfsOf(paths)).toEqual(paths.map((ContainerPath) => ({ ContainerPath, Size: 64, MountOptions: ['mode=1777'] })));
  });

  seen.each(paths)('let a user who is not root write below %s', (path) => {
    expect(write(`${path}/file`, tmpfsOf(paths))).toMatchObject({ status: 0, stderr: '' });
  });

  seen('leave the rest of the image read-only', () => {
    expect(write('/srv/file', tmpfsOf(paths)).stderr).toMatch(/Read-only file system/);
  });

  seen('would not do with the mode of a directory that belongs to root', () => {
    const plain = tmpfsOf(paths).map((mount) => ({ ...mount, MountOptions: ['mode=755'] }));
    expect(write('/var/cache/orders/file', plain).stderr).toMatch(/Permission denied/);
  });
});

function tmpfsOf(writablePaths: string[]): Tmpfs[] {
  const { template } = createService({ container: { writablePaths, user: '1000:1000' } });
  const [definition] = Object.values(template().findResources('AWS::ECS::TaskDefinition'));
  const [container] = definition.Properties.ContainerDefinitions;
  expect(container).toMatchObject({ ReadonlyRootFilesystem: true, User: '1000:1000' });
  return container.LinuxParameters.Tmpfs;
}
