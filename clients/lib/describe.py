"""Prints what a client needs to know of a contract: describe.py DESCRIPTORS FILE...

DESCRIPTORS is a FileDescriptorSet with all imports. The output has the form of
dataservice.v1.ContractDescription as JSON, and the values that the engine decides
(NAME-schema describe, server/contract/describe.cc), without one_values and limits. The
engine has checked the contract, so that nothing is checked here; the tests compare both.
"""

import json
import sys
from collections.abc import Iterator

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

IDENTIFIER = 8  # google.api.FieldBehavior
KINDS = {
    "Get": "GET",
    "List": "LIST",
    "Create": "CREATE",
    "Update": "UPDATE",
    "Upsert": "UPSERT",
    "Delete": "DELETE",
    "BatchGet": "BATCH_GET",
    "BatchCreate": "BATCH_CREATE",
    "BatchUpdate": "BATCH_UPDATE",
    "BatchDelete": "BATCH_DELETE",
    "Import": "IMPORT",
    "Export": "EXPORT",
}
OF_MANY = {kind for kind in KINDS.values() if kind.startswith("BATCH")} | {"LIST", "IMPORT", "EXPORT"}


class Options:
    """Reads options by the definitions that the contract itself imports."""

    def __init__(self, pool: descriptor_pool.DescriptorPool):
        self.pool = pool

    def read(self, element, name: str):
        """The value of an option of a message or a field; None if it is not set."""
        kind = element.GetOptions().DESCRIPTOR.full_name
        try:
            extension = self.pool.FindExtensionByName(name)
            options = message_factory.GetMessageClass(self.pool.FindMessageTypeByName(kind))()
        except KeyError:
            return None
        options.ParseFromString(element.GetOptions().SerializeToString())
        if extension.is_repeated:
            return list(options.Extensions[extension])
        return options.Extensions[extension] if options.HasExtension(extension) else None


class Contract:
    def __init__(self, descriptors: bytes, files: list[str]):
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors).file:
            pool.Add(file)
        self.files = [pool.FindFileByName(name) for name in files]
        self.options = Options(pool)
        self.resources = [
            message
            for file in self.files
            for message in file.message_types_by_name.values()
            if self.options.read(message, "storage.v1.table") is not None
        ]

    def methods(self) -> Iterator[MethodDescriptor]:
        for file in self.files:
            for service in file.services_by_name.values():
                yield from service.methods

    def key(self, resource: Descriptor) -> FieldDescriptor:
        for field in resource.fields:
            if IDENTIFIER in (self.options.read(field, "google.api.field_behavior") or []):
                return field
        raise SystemExit(f"error: {resource.full_name} has no key (field_behavior = IDENTIFIER)")

    def is_uuid(self, field: FieldDescriptor) -> bool:
        rules = self.options.read(field, "buf.validate.field")
        return rules is not None and field.type == field.TYPE_STRING and rules.string.uuid

    def is_computed(self, field: FieldDescriptor) -> bool:
        column = self.options.read(field, "storage.v1.column")
        return column is not None and column.HasField("computed")

    def owner(self, resource: Descriptor):
        """The option storage.v1.Owner of a resource; None if it has none."""
        columns = (self.options.read(field, "storage.v1.column") for field in resource.fields)
        return next((c.owner for c in columns if c is not None and c.HasField("owner")), None)

    def is_plural(self, name: str, resource: Descriptor) -> bool:
        declared = self.options.read(resource, "google.api.resource")
        if declared is not None and declared.plural:
            return name == declared.plural[0].upper() + declared.plural[1:]
        singular = resource.name
        return name in (f"{singular}s", f"{singular}es") or (
            singular.endswith("y") and name == f"{singular[:-1]}ies"
        )

    def recognise(self, method: MethodDescriptor) -> tuple[str, Descriptor | None]:
        """The kind of a method and its resource."""
        for prefix, kind in KINDS.items():
            rest = method.name.removeprefix(prefix)
            if rest == method.name:
                continue
            named = [
                resource
                for resource in self.resources
                if (self.is_plural(rest, resource) if kind in OF_MANY else rest == resource.name)
            ]
            if named:
                return kind, choose(method, named)
        return "CUSTOM", None


def choose(method: MethodDescriptor, named: list[Descriptor]) -> Descriptor:
    """Of resources with the same name the one that the method mentions, else the one of its package."""

    def mentions(resource: Descriptor) -> bool:
        fields = list(method.output_type.fields) + list(method.input_type.fields)
        return method.output_type == resource or any(f.message_type == resource for f in fields)

    def is_near(resource: Descriptor) -> bool:
        return resource.file.package == method.containing_service.file.package

    for holds in (mentions, is_near):
        named = [resource for resource in named if holds(resource)] or named
    return named[0]


def name_of(message: Descriptor, name: str, kind: int) -> str:
    field = message.fields_by_name.get(name)
    return name if field is not None and field.type == kind and not field.is_repeated else ""


def mask_of(message: Descriptor, name: str) -> str:
    field = message.fields_by_name.get(name)
    is_mask = (
        field is not None and getattr(field.message_type, "full_name", "") == "google.protobuf.FieldMask"
    )
    return name if is_mask else ""


def field_of(message: Descriptor, types: list[Descriptor], is_repeated: bool) -> str:
    """The first field of one of the types."""
    fields = (f for f in message.fields if f.message_type in types and f.is_repeated == is_repeated)
    return next((field.name for field in fields), "")


def describe_method(contract: Contract, method: MethodDescriptor) -> dict:
    kind, resource = contract.recognise(method)
    request, response = method.input_type, method.output_type
    string = FieldDescriptor.TYPE_STRING
    if kind == "CUSTOM":
        return {
            "kind": kind,
            "version": name_of(response, "etag", string),
            "etag": name_of(request, "etag", string),
            "request_id": name_of(request, "request_id", string),
            "update_mask": mask_of(request, "update_mask"),
            "read_mask": mask_of(request, "read_mask"),
            "rows": field_of(response, contract.resources, True)
            if mask_of(request, "read_mask") and response not in contract.resources
            else "",
        }
    out = {
        "kind": kind,
        "resource": resource.full_name,
        "element": element_of(contract, method, kind, resource),
    }
    key = contract.key(resource).name
    if kind in ("CREATE", "UPSERT", "UPDATE", "IMPORT"):
        out["body"] = field_of(request, [resource], False)
        out["creates"] = kind in ("CREATE", "UPSERT") or (
            kind == "UPDATE" and "allow_missing" in request.fields_by_name
        )
    if kind in ("GET", "DELETE"):
        out["key"] = key
    if kind in ("BATCH_GET", "BATCH_DELETE"):
        out["key"] = next((field.name for field in request.fields if field.name == f"{key}s"), "")
    if kind == "LIST":
        out["page_size"], out["page_token"] = "page_size", "page_token"
        out["order_by"] = name_of(request, "order_by", string)
        out["next_page_token"] = "next_page_token"
    if kind in ("LIST", "EXPORT"):
        out["filter"] = name_of(request, "filter", string)
    if kind == "UPDATE":
        out["update_mask"] = mask_of(request, "update_mask")
    if kind == "DELETE":
        out["etag"] = name_of(request, "etag", string)
    if kind in ("GET", "LIST", "BATCH_GET"):
        out["read_mask"] = mask_of(request, "read_mask")
    elif kind not in ("IMPORT", "EXPORT"):
        out["request_id"] = name_of(request, "request_id", string)
    if kind in ("LIST", "BATCH_GET", "BATCH_CREATE", "BATCH_UPDATE"):
        out["rows"] = field_of(response, [resource], True)
    if kind == "IMPORT":
        out["import"] = {n: n for n in ("imported_count", "failed_count", "failures", "position", "status")}
    elif kind != "EXPORT":
        out["version"] = name_of(response, "etag", string)
    return out


def element_of(contract: Contract, method: MethodDescriptor, kind: str, resource: Descriptor) -> str:
    """The method that does once what a batch or an import does several times."""
    single = kind.removeprefix("BATCH_").replace("IMPORT", "CREATE")
    if single == kind:
        return ""
    requests = method.input_type.fields_by_name.get("requests")
    wanted = requests.message_type if requests is not None else method.input_type
    for candidate in contract.methods():
        if contract.recognise(candidate) != (single, resource):
            continue
        takes_keys = kind in ("BATCH_GET", "BATCH_DELETE") and requests is None
        if takes_keys or candidate.input_type == wanted:
            return candidate.full_name
    return ""


def describe(contract: Contract) -> dict:
    methods = []
    for method in contract.methods():
        found = describe_method(contract, method)
        found["kind"] = f"METHOD_KIND_{found['kind']}"
        methods.append({"name": method.full_name} | {k: v for k, v in found.items() if v})
    resources = []
    for resource in contract.resources:
        owner = contract.owner(resource)
        found = {
            "message": resource.full_name,
            "key": contract.key(resource).name,
            "generated_key": contract.is_uuid(contract.key(resource)),
            "computed": [field.name for field in resource.fields if contract.is_computed(field)],
            "etag": name_of(resource, "etag", FieldDescriptor.TYPE_STRING),
            "owned": owner is not None,
            "public_read": owner is not None and owner.public_read,
        }
        resources.append({k: v for k, v in found.items() if v})
    return {"methods": methods, "resources": resources}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        json.dump(describe(Contract(file.read(), sys.argv[2:])), sys.stdout, indent=1)
