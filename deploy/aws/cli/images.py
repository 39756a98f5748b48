"""Container images: built with Docker and pushed to ECR as PREFIX/NAME."""

import base64
import datetime
import pathlib
import shutil
import subprocess

import botocore.exceptions

from cli.cloud import Cloud, code_of
from cli.dialogue import Dialogue
from cli.errors import Stop, WrongUse

_LOG_LINES = 20


def dockerfiles(deploy: pathlib.Path) -> dict[str, pathlib.Path]:
    """Returns the Dockerfiles in the folder images by image name: NAME.Dockerfile,
    Dockerfile.NAME or NAME/Dockerfile."""
    folder = deploy / "images"
    found = {path.name.removesuffix(".Dockerfile"): path for path in folder.glob("*.Dockerfile")}
    found |= {path.name.removeprefix("Dockerfile."): path for path in folder.glob("Dockerfile.*")}
    return found | {path.parent.name: path for path in folder.glob("*/Dockerfile")}


def tag_of(folder: pathlib.Path) -> str:
    """Returns the commit, followed by the time if the working tree has changes."""
    now = f"{datetime.datetime.now(datetime.UTC):%Y%m%dt%H%M%S}"

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        return f"{commit}-{now}" if git("status", "--porcelain") else commit
    except (OSError, subprocess.CalledProcessError):
        return now


class Images:
    def __init__(self, cloud: Cloud, prefix: str, deploy: pathlib.Path, docker: str, log: pathlib.Path):
        self._cloud, self._prefix, self._deploy, self._docker, self._log = cloud, prefix, deploy, docker, log
        self._ecr = cloud.client("ecr")
        self._logged_in = False

    def require_docker(self) -> None:
        if not shutil.which(self._docker):
            raise WrongUse(
                f"{self._docker} is not installed, and is required to build the images: use --docker, or "
                "give the images with --parameter ServerImage=URI and so on"
            )

    def provide(self, names: list[str], tag: str, platform: str, dialogue: Dialogue) -> dict[str, str]:
        """Builds and pushes the images that ECR does not have; returns the URI of each image."""
        return {name: self._provide(name, tag, platform, dialogue) for name in names}

    def _provide(self, name: str, tag: str, platform: str, dialogue: Dialogue) -> str:
        repository = f"{self._prefix}/{name}"
        uri = f"{self._repository_uri(repository, dialogue)}:{tag}"
        if self._has(repository, tag):
            dialogue.say(f"  {uri} exists")
            return uri
        dialogue.say(f"  building and pushing {uri}")
        file = dockerfiles(self._deploy)[name]
        self._run(name, "build", "--platform", platform, "-f", str(file), "-t", uri, str(self._deploy.parent))
        self._log_in(uri.split("/", 1)[0])
        self._run(name, "push", uri)
        return uri

    def _repository_uri(self, repository: str, dialogue: Dialogue) -> str:
        try:
            found = self._ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
        except botocore.exceptions.ClientError as error:
            if code_of(error) != "RepositoryNotFoundException":
                raise
            dialogue.say(f"  creating the repository {repository}")
            found = self._ecr.create_repository(
                repositoryName=repository,
                # A tag always refers to the same image.
                imageTagMutability="IMMUTABLE",
                imageScanningConfiguration={"scanOnPush": True},
                encryptionConfiguration={"encryptionType": "AES256"},
            )["repository"]
        return found["repositoryUri"]

    def _has(self, repository: str, tag: str) -> bool:
        try:
            self._ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])
        except botocore.exceptions.ClientError as error:
            if code_of(error) == "ImageNotFoundException":
                return False
            raise
        return True

    def _log_in(self, registry: str) -> None:
        if self._logged_in:
            return
        data = self._ecr.get_authorization_token()["authorizationData"][0]
        user, password = base64.b64decode(data["authorizationToken"]).decode().split(":", 1)
        # Passed through standard input, because a process list shows arguments.
        self._run("login", "login", "--username", user, "--password-stdin", registry, given=password)
        self._logged_in = True

    def _run(self, log: str, *arguments: str, given: str | None = None) -> None:
        self._log.mkdir(parents=True, exist_ok=True)
        path = self._log / f"{log}.log"
        with path.open("w") as output:
            done = subprocess.run(
                [self._docker, *arguments], input=given, stdout=output, stderr=subprocess.STDOUT, text=True
            )
        if done.returncode:
            end = "\n".join(f"  | {line}" for line in path.read_text().splitlines()[-_LOG_LINES:])
            raise Stop(f"{self._docker} {arguments[0]} failed; the last lines of {path}:\n{end}")
