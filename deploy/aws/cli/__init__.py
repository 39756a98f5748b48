"""The commands deploy/aws/up, down and status: deploy the service to an AWS account,
remove it, and show its state.

deploy/aws/README.md is the user documentation. up.py, down.py and status.py contain
the commands; cloud.py is the interface to AWS, dialogue.py the interface to the user.
"""
