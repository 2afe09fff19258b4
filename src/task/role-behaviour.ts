import { SidecarRole } from './sidecar-role';

/** How a role behaves, unless the options say otherwise. */
export interface RoleBehaviour {
  /** The place in the order of start; the application is at `APP_STAGE`. */
  readonly stage: number;
  readonly essential: boolean;
  readonly restart: boolean;
}

export const APP_STAGE = 4;

export const BEHAVIOUR: Record<SidecarRole, RoleBehaviour> = {
  [SidecarRole.LOG_ROUTER]: { stage: 0, essential: true, restart: true },
  [SidecarRole.COLLECTOR]: { stage: 1, essential: false, restart: true },
  [SidecarRole.SETUP]: { stage: 2, essential: false, restart: false },
  [SidecarRole.PROXY]: { stage: 3, essential: true, restart: true },
  [SidecarRole.HELPER]: { stage: 5, essential: false, restart: true },
};
