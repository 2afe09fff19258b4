"""The docker stand-in, called as the CDK calls it: as a program, without the server's packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from localaws.containers.store import Image, ImageStore

DOCKER = Path(__file__).parents[3] / "bin" / "docker"


class Project:
    """A build context and the store that its images go to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder / "context", folder / "data"
        self.folder.mkdir()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def docker(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LOCAL_AWS_DATA": str(self.data), "LOCAL_AWS_PYTHON": sys.executable}
        return subprocess.run(
            [str(DOCKER), *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=110
        )

    def build(self, dockerfile: str, *options: str) -> Image:
        self.write({"Dockerfile": dockerfile})
        result = self.docker("build", "--tag", "asset", *options, ".")
        assert result.returncode == 0, result.stderr
        image = ImageStore(self.data / "images").tagged("asset")
        assert image is not None
        return image

    def refused(self, dockerfile: str, *options: str) -> str:
        self.write({"Dockerfile": dockerfile})
        result = self.docker("build", "--tag", "asset", *options, ".")
        assert result.returncode == 1
        assert ImageStore(self.data / "images").tagged("asset") is None
        return result.stderr


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def files_of(image: Image, folder: str) -> list[str]:
    root = image.root / folder
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_what_a_dockerfile_says_about_running_it(project):
    image = project.build(
        """# syntax=docker/dockerfile:1
ARG VERSION=20
FROM --platform=linux/amd64 public.ecr.aws/docker/library/node:${VERSION}-slim AS app
# a comment
ARG STAGE=test
ENV NAME=orders \\
    # a comment between
    GREETING="hello $STAGE"
WORKDIR /srv
WORKDIR app
USER node
LABEL team=shop
EXPOSE 8080
HEALTHCHECK NONE
ENTRYPOINT ["node"]
CMD ["main.js"]
""",
        "--build-arg",
        "STAGE=prod",
        "--platform",
        "linux/arm64",
        "--target",
        "app",
        "--provenance=false",
    )
    assert image.base == "public.ecr.aws/docker/library/node:20-slim"
    assert image.environment == {"NAME": "orders", "GREETING": "hello prod"}
    assert (image.workdir, image.user) == ("/srv/app", "node")
    assert (image.entrypoint, image.command) == (["node"], ["main.js"])


def test_copy_honours_globs_folders_targets_and_dockerignore(project):
    project.write(
        {
            "package.json": "{}", "package-lock.json": "{}", "src/a.js": "", "src/deep/b.js": "", "src/secret.env": "",
            "README.md": "", "notes/keep.md": "", "notes/drop.md": "",
            ".dockerignore": "**/*.env\n*.md\nnotes\n!notes/keep.md\nDockerfile\n.dockerignore\n",
        }
    )  # fmt: skip
    image = project.build(
        "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nCOPY --chown=node:node src lib\nCOPY src/a.js renamed.js\nCOPY . /all/\n"
    )
    assert files_of(image, "app") == ["lib/a.js", "lib/deep/b.js", "package-lock.json", "package.json", "renamed.js"]
    assert files_of(image, "all") == ["notes/keep.md", "package-lock.json", "package.json", "src/a.js", "src/deep/b.js"]


def test_the_shell_form_and_the_command_of_the_base(project):
    assert project.build("FROM python:3.11\nCMD python main.py | cat\n").command == ["/bin/sh", "-c", "python main.py | cat"]
    assert project.build("FROM node:20\n").command == ["node"]
    assert project.build('FROM node:20\nENTRYPOINT ["sleep"]\n').command == []


def test_an_unchanged_build_is_the_same_folder_and_a_changed_file_another(project):
    dockerfile = "FROM node:20\nCOPY main.js /\n"
    project.write({"main.js": "1"})
    first = project.build(dockerfile)
    before = first.root.stat().st_mtime_ns
    assert project.build(dockerfile).root == first.root
    assert first.root.stat().st_mtime_ns == before
    project.write({"main.js": "2"})
    assert project.build(dockerfile).root != first.root


def test_node_modules_of_the_lock_file_are_installed(project):
    project.write(
        {
            "package.json": '{"name": "app", "version": "1.0.0", "dependencies": {"dep": "file:dep"}}',
            "package-lock.json": json.dumps(
                {
                    "name": "app", "version": "1.0.0", "lockfileVersion": 3,
                    "packages": {
                        "": {"name": "app", "version": "1.0.0", "dependencies": {"dep": "file:dep"}},
                        "dep": {"version": "1.0.0"},
                        "node_modules/dep": {"resolved": "dep", "link": True},
                    },
                }
            ),
            "dep/package.json": '{"name": "dep", "version": "1.0.0"}',
        }
    )  # fmt: skip
    image = project.build("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev --no-audit --no-fund --offline\n")
    assert (image.root / "app" / "node_modules" / "dep").exists()


def test_python_packages_are_installed_once_for_a_lock_file_and_only_the_image_sees_them(project):
    project.write({"wheels/.keep": "", "requirements.txt": "tiny==1.0\n", "main.py": "1"})
    _make_wheel(project.folder / "wheels")
    dockerfile = (
        "FROM python:3.11\nWORKDIR /app\nCOPY wheels wheels\nCOPY requirements.txt .\n"
        "RUN pip install --no-cache-dir --no-index --find-links=wheels -r requirements.txt\nCOPY main.py .\n"
    )
    image = project.build(dockerfile)
    python = image.root / "usr" / "local" / "bin" / "python3"
    seen = "import importlib.util as u; import tiny; print(tiny.NAME, u.find_spec('moto'), u.find_spec('boto3'))"
    told = subprocess.run([python, "-c", seen], capture_output=True, text=True, check=True, cwd="/").stdout
    assert told.split() == ["tiny", "None", "None"]
    project.write({"main.py": "2"})
    assert "Successfully installed" not in project.docker("build", "--tag", "asset", ".").stderr
    project.write({"requirements.txt": "tiny==1.0 # changed\n"})
    assert "Successfully installed tiny" in project.docker("build", "--tag", "asset", ".").stderr


def _make_wheel(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "NAME = 'tiny'\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("RUN apt-get update && apt-get install -y curl", "runs only"),
        ("RUN pip install flask", "runs only"),
        ("RUN npm ci && node build.js", "runs only"),
        ("RUN npm ci | tee log", "runs only"),
        ("COPY --from=build /app /app", "not modelled"),
        ("COPY missing.js .", "not in the build context"),
        ("COPY ../outside .", "outside the build context"),
        ("ADD https://example.com/file .", "remote source"),
        ("FROM node:20", "several stages"),
        ("HEALTHCHECK CMD curl localhost", "health check"),
        ("VOLUME /data", "VOLUME is not modelled"),
        ('SHELL ["bash"]', "SHELL is not modelled"),
    ],
)
def test_any_other_line_is_refused_with_file_number_and_text(project, line, why):
    error = project.refused(f"FROM node:20\n\n{line}\n")
    assert "Dockerfile:3: " in error
    assert why in error
    assert error.strip().endswith(line)


def test_other_bases_and_options_are_refused(project):
    assert "Dockerfile:1: " in project.refused("FROM alpine:3\n")
    assert "--secret" in project.refused("FROM node:20\n", "--secret", "id=x")
    assert "no stage build" in project.refused("FROM node:20\n", "--target", "build")


def test_only_what_was_pushed_can_be_pulled(project):
    project.build("FROM node:20\n")
    store, uri = ImageStore(project.data / "images"), "123456789012.dkr.ecr.us-east-1.amazonaws.com/assets:abc"
    assert project.docker("inspect", "asset").returncode == 0
    assert project.docker("inspect", uri).returncode == 1
    assert project.docker("push", uri).returncode == 1
    assert project.docker("tag", "asset", uri).returncode == 0
    assert store.pushed(uri) is None
    assert project.docker("push", uri).returncode == 0
    assert store.pushed(uri).name == uri


def test_login_is_accepted_and_run_is_not(project):
    assert project.docker("--config", "/nowhere", "login", "--username", "AWS", "https://registry").returncode == 0
    assert "docker run is not modelled" in project.docker("run", "asset").stderr
