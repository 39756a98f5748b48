"""How a contract is arranged in a client: a collection for each resource with its standard
methods, and a group for each service with methods of its own."""

import re
from dataclasses import dataclass, field

# The method of a collection that each kind of method becomes.
VERBS = {
    "GET": "get",
    "LIST": "list",
    "CREATE": "create",
    "UPDATE": "update",
    "UPSERT": "upsert",
    "DELETE": "delete",
    "BATCH_GET": "batch_get",
    "BATCH_CREATE": "batch_create",
    "BATCH_UPDATE": "batch_update",
    "BATCH_DELETE": "batch_delete",
    "IMPORT": "import",
    "EXPORT": "export",
}
READS = ("GET", "LIST", "BATCH_GET", "EXPORT")
OF_MANY = ("LIST", "IMPORT", "EXPORT", "BATCH_GET", "BATCH_CREATE", "BATCH_UPDATE", "BATCH_DELETE")


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclass
class Method:
    """A method, with the roles of dataservice.v1.MethodDescription."""

    name: str
    kind: str
    verb: str
    roles: dict

    @property
    def service(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def short_name(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def path(self) -> str:
        return f"/{self.service}/{self.short_name}"

    @property
    def is_read(self) -> bool:
        return self.kind in READS

    def role(self, name: str) -> str:
        return self.roles.get(name, "")


@dataclass
class Collection:
    """A resource and its methods, or, without a resource, methods of one service."""

    name: str
    resource: str = ""
    key: str = ""
    etag: str = ""
    methods: list[Method] = field(default_factory=list)

    @property
    def attribute(self) -> str:
        return snake(self.name)

    @property
    def services(self) -> list[str]:
        return list(dict.fromkeys(method.service for method in self.methods))

    @property
    def is_changed_by_function(self) -> bool:
        """Whether the client has the update that reads, changes and writes a row."""
        return bool(self.find("GET") and self.find("UPDATE") and self.etag)

    def find(self, kind: str) -> Method | None:
        return next((m for m in self.methods if m.kind == kind and m.verb == VERBS.get(kind)), None)


def example_of(collections: list[Collection]) -> Collection | None:
    """The collection of the example in the package's README: its rows can be listed and read."""
    return next((c for c in collections if c.find("GET") and c.find("LIST")), None)


def _plural(resource: str, methods: list[dict]) -> str:
    for method in methods:
        kind = method["kind"].removeprefix("METHOD_KIND_")
        if method.get("resource") == resource and kind in OF_MANY:
            prefix = "".join(word.capitalize() for word in kind.split("_"))
            return method["name"].rpartition(".")[2].removeprefix(prefix)
    return f"{resource.rpartition('.')[2]}s"


def arrange(description: dict) -> list[Collection]:
    methods = description.get("methods", [])
    by_resource = {
        resource["message"]: Collection(
            _plural(resource["message"], methods),
            resource["message"],
            resource["key"],
            resource.get("etag", ""),
        )
        for resource in description.get("resources", [])
    }
    _separate(list(by_resource.values()))
    groups: dict[str, Collection] = {}
    for described in methods:
        kind = described["kind"].removeprefix("METHOD_KIND_")
        service, _, name = described["name"].rpartition(".")
        if kind == "CUSTOM":
            group = groups.setdefault(service, Collection(service.rpartition(".")[2]))
            group.methods.append(Method(described["name"], kind, snake(name), described))
            continue
        collection = by_resource[described["resource"]]
        verb = VERBS[kind]
        if any(method.verb == verb for method in collection.methods):
            # A second method of the kind, of another service.
            verb = f"{verb}_of_{snake(service.rpartition('.')[2])}"
        collection.methods.append(Method(described["name"], kind, verb, described))
    _separate(list(groups.values()))
    return [collection for collection in (*by_resource.values(), *groups.values()) if collection.methods]


def _separate(collections: list[Collection]) -> None:
    """Gives collections of the same name the names of their packages too."""
    names = [collection.name for collection in collections]
    for collection in collections:
        if names.count(collection.name) > 1:
            full = collection.resource or collection.methods[0].service
            words = full.split(".")[:-1]
            package = "".join(part.capitalize() for word in words for part in word.split("_"))
            collection.name = package + collection.name
