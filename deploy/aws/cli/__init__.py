"""Brings the service up in an AWS account, removes it, and says how it is.

The commands deploy/aws/up, down and status; deploy/aws/README.md is for those who
use them. A command is read from top to bottom in up.py, down.py and status.py;
what they talk to is in cloud.py (AWS) and dialogue.py (the person).
"""
