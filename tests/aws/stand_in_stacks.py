"""CloudFormation of the stand-in. Each query of a stack's events advances it by one step, so that
no test waits for a clock."""

import json
import uuid

from stand_in import ApiError, StandIn
from tool_runs import parse

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


class FakeStack:
    def __init__(self, name: str):
        self.name = name
        self.id = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{name}/{uuid.uuid4()}"
        self.status = "REVIEW_IN_PROGRESS"
        self.template: dict = {}
        self.parameters: dict[str, str] = {}
        self.events: list[dict] = []
        self.to_come: list[dict] = []
        self.protected = False

    def event(
        self, status: str, logical: str | None = None, kind: str | None = None, reason=None, token=None
    ) -> dict:
        """`logical` is the id of a resource; without it the event is that of the stack."""
        return {
            "StackId": self.id,
            "EventId": str(uuid.uuid4()),
            "StackName": self.name,
            "LogicalResourceId": logical or self.name,
            "PhysicalResourceId": f"{self.name}-{logical}" if logical else self.id,
            "ResourceType": kind or "AWS::CloudFormation::Stack",
            "Timestamp": "2026-11-24T12:00:00Z",
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
            "ClientRequestToken": token,
        }

    def step(self) -> None:
        """Produces the next event."""
        if self.to_come:
            event = self.to_come.pop(0)
            self.events.append(event)
            if event["PhysicalResourceId"] == self.id:
                self.status = event["ResourceStatus"]

    def resources(self) -> dict[str, str]:
        return {logical: found["Type"] for logical, found in self.template.get("Resources", {}).items()}

    def plan(self, verb: str, logicals: list[str], failures: dict[str, str], token: str | None) -> None:
        """The events of a CREATE, UPDATE or DELETE of these resources."""
        kinds, done = self.resources(), []
        self.to_come = [self.event(f"{verb}_IN_PROGRESS", reason="User Initiated", token=token)]
        for logical in logicals:
            self.to_come.append(self.event(f"{verb}_IN_PROGRESS", logical, kinds[logical], token=token))
        for logical in logicals:
            if logical not in failures:
                self.to_come.append(self.event(f"{verb}_COMPLETE", logical, kinds[logical], token=token))
                done.append(logical)
                continue
            failed = f"{verb}_FAILED"
            self.to_come.append(self.event(failed, logical, kinds[logical], failures[logical], token))
            rest = [each for each in logicals if each != logical and each not in done]
            for each in rest:
                self.to_come.append(
                    self.event(failed, each, kinds[each], f"Resource {verb.lower()} cancelled", token)
                )
            self._plan_failure(verb, done, kinds, token)
            return
        self.to_come.append(self.event(f"{verb}_COMPLETE", token=token))

    def _plan_failure(self, verb: str, done: list[str], kinds: dict[str, str], token: str | None) -> None:
        if verb == "DELETE":
            self.to_come.append(
                self.event("DELETE_FAILED", reason="The following resource(s) failed", token=token)
            )
            return
        back = "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK"
        reason = "The following resource(s) failed. Rollback requested by user."
        self.to_come.append(self.event(f"{back}_IN_PROGRESS", reason=reason, token=token))
        for logical in done:
            status = "DELETE_COMPLETE" if verb == "CREATE" else "UPDATE_COMPLETE"
            self.to_come.append(self.event(status, logical, kinds[logical], token=token))
        self.to_come.append(self.event(f"{back}_COMPLETE", token=token))


class Stacks:
    """`failures` are reasons by stack and logical id, each for one operation, unless it is in
    `lasting`. `outputs` are values by stack and key."""

    def __init__(self, stand_in: StandIn):
        self.stacks: dict[str, FakeStack] = {}
        self.gone: list[FakeStack] = []
        self.change_sets: dict[str, dict] = {}
        self.failures: dict[str, dict[str, str]] = {}
        self.refusals: dict[str, str] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.replaced: set[str] = set()
        for name in dir(self):
            if name[0].isupper():
                stand_in.handlers[("cloudformation", name)] = getattr(self, name)

    def find(self, name: str) -> FakeStack:
        for stack in [*self.stacks.values(), *self.gone]:
            if name == stack.id or (name == stack.name and stack not in self.gone):
                return stack
        raise ApiError("ValidationError", f"Stack with id {name} does not exist")

    def DescribeStacks(self, ask: dict) -> dict:
        stack = self.find(ask["StackName"])
        outputs = stack.template.get("Outputs", {}) if stack.status.endswith("_COMPLETE") else {}
        return {
            "Stacks": [
                {
                    "StackId": stack.id,
                    "StackName": stack.name,
                    "StackStatus": stack.status,
                    "CreationTime": "2026-11-24T12:00:00Z",
                    "EnableTerminationProtection": stack.protected,
                    "Parameters": [
                        {"ParameterKey": key, "ParameterValue": "****" if key == "Password" else value}
                        for key, value in stack.parameters.items()
                    ],
                    "Outputs": [
                        {
                            "OutputKey": key,
                            "OutputValue": self.outputs.get(stack.name, {}).get(key, f"{stack.name}-{key}"),
                        }
                        for key in outputs
                    ],
                }
            ]
        }

    def DescribeStackEvents(self, ask: dict) -> dict:
        stack = self.find(ask["StackName"])
        # A large stack advances by more than one event.
        for _ in range(1 + len(stack.to_come) // 20):
            stack.step()
        if stack.status == "DELETE_COMPLETE" and stack not in self.gone:
            self.gone.append(self.stacks.pop(stack.name))
        return {"StackEvents": stack.events[::-1]}

    def ListStackResources(self, ask: dict) -> dict:
        stack = self.find(ask["StackName"])
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical,
                    "PhysicalResourceId": self.physical(stack, logical, kind),
                    "ResourceType": kind,
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": "2026-11-24T12:00:00Z",
                }
                for logical, kind in stack.resources().items()
            ]
        }

    @staticmethod
    def physical(stack: FakeStack, logical: str, kind: str) -> str:
        if kind == "AWS::ECS::Service":
            return f"arn:aws:ecs:eu-west-1:123456789012:service/{stack.name}-cluster/{stack.name}-{logical}"
        return f"{stack.name}-{logical}"

    def CreateChangeSet(self, ask: dict) -> dict:
        name = ask["StackName"]
        template = parse(ask["TemplateBody"])
        if ask["ChangeSetType"] == "CREATE":
            stack = self.stacks.get(name)
            if stack and stack.status != "REVIEW_IN_PROGRESS":
                raise ApiError("AlreadyExistsException", f"Stack [{name}] already exists")
            stack = self.stacks.setdefault(name, FakeStack(name))
        else:
            stack = self.find(name)
            if not stack.status.endswith("_COMPLETE") or stack.status == "ROLLBACK_COMPLETE":
                raise ApiError(
                    "ValidationError", f"Stack {stack.id} is in {stack.status} state and can not be updated"
                )
        capabilities = set(ask.get("Capabilities", []))
        kinds = {each["Type"] for each in template["Resources"].values()}
        if (
            any(kind.startswith("AWS::IAM::") for kind in kinds)
            and "CAPABILITY_NAMED_IAM" not in capabilities
        ):
            raise ApiError(
                "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]"
            )
        if "Transform" in template and "CAPABILITY_AUTO_EXPAND" not in capabilities:
            raise ApiError(
                "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
            )
        parameters = {}
        for each in ask.get("Parameters", []):
            key = each["ParameterKey"]
            if key not in template["Parameters"]:
                raise ApiError("ValidationError", f"Parameters: [{key}] do not exist in the template")
            previous = each.get("UsePreviousValue") == "true"
            parameters[key] = stack.parameters[key] if previous else each["ParameterValue"]
        if missing := [key for key in template["Parameters"] if key not in parameters]:
            raise ApiError("ValidationError", f"Parameters: {missing} must have values")
        arn = f"arn:aws:cloudformation:eu-west-1:123456789012:changeSet/{ask['ChangeSetName']}/{uuid.uuid4()}"
        made = {"stack": stack, "template": template, "parameters": parameters, "looks": 0}
        made["changes"] = self.changes(stack, template, parameters)
        self.change_sets[arn] = made
        return {"Id": arn, "StackId": stack.id}

    def changes(self, stack: FakeStack, template: dict, parameters: dict) -> list[dict]:
        def text(resource: dict, values: dict) -> str:
            found = json.dumps(resource, default=str)
            return found + str({key: value for key, value in values.items() if f'"{key}"' in found})

        old, new = stack.template.get("Resources", {}), template["Resources"]
        found = []
        for logical in [*new, *(each for each in old if each not in new)]:
            if logical not in old:
                change = {"Action": "Add"}
            elif logical not in new:
                change = {"Action": "Remove"}
            elif text(old[logical], stack.parameters) == text(new[logical], parameters):
                continue
            else:
                change = {"Action": "Modify", "Replacement": str(logical in self.replaced)}
            kind = (new.get(logical) or old[logical])["Type"]
            found.append(change | {"LogicalResourceId": logical, "ResourceType": kind})
        return found

    def DescribeChangeSet(self, ask: dict) -> dict:
        made = self.change_sets[ask["ChangeSetName"]]
        made["looks"] += 1
        answer = {
            "ChangeSetId": ask["ChangeSetName"],
            "StackId": made["stack"].id,
            "StackName": made["stack"].name,
        }
        if made["looks"] == 1:
            return answer | {"Status": "CREATE_IN_PROGRESS"}
        if refusal := self.refusals.get(made["stack"].name):
            return answer | {"Status": "FAILED", "StatusReason": refusal}
        if not made["changes"]:
            return answer | {"Status": "FAILED", "StatusReason": NO_CHANGES}
        # Two pages, as CloudFormation returns for a large stack.
        changes = [{"Type": "Resource", "ResourceChange": each} for each in made["changes"]]
        if "NextToken" in ask:
            return answer | {"Status": "CREATE_COMPLETE", "Changes": changes[1:]}
        return answer | {"Status": "CREATE_COMPLETE", "Changes": changes[:1], "NextToken": "more"}

    def ExecuteChangeSet(self, ask: dict) -> dict:
        made = self.change_sets.pop(ask["ChangeSetName"])
        stack = made["stack"]
        verb = "CREATE" if stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        failures = self.failures.pop(stack.name, {})
        if not failures:
            stack.parameters = made["parameters"]
        stack.template = made["template"] if not (failures and verb == "UPDATE") else stack.template
        logicals = [
            each["LogicalResourceId"]
            for each in made["changes"]
            if each["LogicalResourceId"] in stack.resources()
        ]
        stack.plan(verb, logicals, failures, ask.get("ClientRequestToken"))
        return {}

    def DeleteChangeSet(self, ask: dict) -> dict:
        self.change_sets.pop(ask["ChangeSetName"])
        return {}

    def DeleteStack(self, ask: dict) -> dict:
        stack = self.find(ask["StackName"])
        if stack.status == "REVIEW_IN_PROGRESS":
            self.gone.append(self.stacks.pop(stack.name))
            stack.status = "DELETE_COMPLETE"
            return {}
        failures = self.failures.pop(stack.name, {})
        stack.plan("DELETE", [*stack.resources()][::-1], failures, ask.get("ClientRequestToken"))
        return {}

    def ContinueUpdateRollback(self, ask: dict) -> dict:
        stack = self.find(ask["StackName"])
        token = ask.get("ClientRequestToken")
        stack.to_come = [
            stack.event("UPDATE_ROLLBACK_IN_PROGRESS", reason="User Initiated", token=token),
            stack.event("UPDATE_ROLLBACK_COMPLETE", token=token),
        ]
        return {}
