"""The AWS account: a client for each service, and AWS errors as messages."""

import contextlib
import os

import boto3
import botocore.config
import botocore.exceptions

from cli.errors import Stop, WrongUse


class Cloud:
    """An AWS account and region. The usual AWS environment variables apply."""

    def __init__(self, profile: str | None, region: str | None):
        try:
            self._session = boto3.Session(
                profile_name=profile, region_name=region or os.environ.get("AWS_REGION")
            )
        except botocore.exceptions.ProfileNotFound as error:
            raise WrongUse(str(error)) from None
        self.region = self._session.region_name
        if not self.region:
            raise WrongUse("no region: use --region, or set AWS_REGION or one in the profile")
        self._config = botocore.config.Config(
            retries={"mode": "standard", "max_attempts": 8}, connect_timeout=10, read_timeout=60
        )
        self._clients = {}
        self.account = self.client("sts").get_caller_identity()["Account"]

    def client(self, service: str):
        if service not in self._clients:
            self._clients[service] = self._session.client(service, config=self._config)
        return self._clients[service]

    def pages(self, service: str, operation: str, key: str, **arguments) -> list:
        """Returns all elements of a paginated list."""
        paginator = self.client(service).get_paginator(operation)
        return [each for page in paginator.paginate(**arguments) for each in page.get(key, [])]


def code_of(error: botocore.exceptions.ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


@contextlib.contextmanager
def aws_errors():
    """Converts AWS and network errors to a one-line Stop."""
    try:
        yield
    except botocore.exceptions.NoCredentialsError:
        raise WrongUse("no AWS credentials: use --profile, or set them as for the AWS CLI") from None
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        raise Stop(f"AWS: {error}") from None
