"""What these tests share: templates.py reads the stacks. Nothing here talks to AWS; should
something try, it has no account to do it with."""

import os

os.environ |= {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
os.environ.pop("AWS_PROFILE", None)
