"""A contract's descriptors as a client needs them: without the options that only the engine
reads, and without the files that only these need."""

from google.protobuf import descriptor_pb2

FileSet = descriptor_pb2.FileDescriptorSet
FileProto = descriptor_pb2.FileDescriptorProto
# Files whose code the languages' packages have.
PACKAGED = ("google/protobuf/", "google/rpc/", "google/type/", "google/api/", "google/longrunning/")


def is_packaged(name: str) -> bool:
    return name.startswith(PACKAGED)


def load(path: str) -> FileSet:
    with open(path, "rb") as file:
        return FileSet.FromString(file.read())


def strip(files: FileSet, contract: list[str], prefix: str = "") -> FileSet:
    """The files of the contract and those that define types of theirs, in the order of their
    imports. Options of other packages are removed. The names of files for which code is made
    get the prefix."""
    defined = {name: file.name for file in files.file for name in _type_names(file)}
    by_name = {file.name: file for file in files.file}
    needed: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in needed:
            return
        file = by_name[name]
        public = {file.dependency[i] for i in file.public_dependency}
        used = {defined[type_name] for type_name in _used_types(file)} - {name}
        for dependency in file.dependency:
            if dependency in used | public:
                visit(dependency)
        # A type may come from a public import of an import.
        for dependency in sorted(used):
            visit(dependency)
        needed[name] = None

    for name in contract:
        visit(name)
    out = FileSet()
    for name in needed:
        out.file.append(_stripped(by_name[name], needed, prefix))
    return out


def _stripped(file: FileProto, needed: dict[str, None], prefix: str) -> FileProto:
    out = FileProto()
    out.CopyFrom(file)

    def renamed(name: str) -> str:
        return name if is_packaged(name) else prefix + name

    kept = [name for name in file.dependency if name in needed]
    public = {file.dependency[i] for i in file.public_dependency}
    out.name = renamed(file.name)
    out.dependency[:] = [renamed(name) for name in kept]
    out.public_dependency[:] = [i for i, name in enumerate(kept) if name in public]
    out.ClearField("weak_dependency")
    if not is_packaged(file.name):
        # Extensions are unknown fields here, because this program has not loaded them.
        out.DiscardUnknownFields()
        _clear_extensions(out)
    return out


def _clear_extensions(message) -> None:
    for field, value in message.ListFields():
        if field.is_extension:
            message.ClearExtension(field)
        elif field.type == field.TYPE_MESSAGE:
            for part in value if field.is_repeated else [value]:
                _clear_extensions(part)


def _type_names(file: FileProto) -> list[str]:
    def nested(scope: str, message) -> list[str]:
        name = f"{scope}.{message.name}"
        names = [name] + [f"{name}.{enum.name}" for enum in message.enum_type]
        for part in message.nested_type:
            names += nested(name, part)
        return names

    scope = f".{file.package}" if file.package else ""
    names = [f"{scope}.{enum.name}" for enum in file.enum_type]
    for message in file.message_type:
        names += nested(scope, message)
    return names


def _used_types(file: FileProto) -> set[str]:
    def of(message) -> set[str]:
        used = {field.type_name for field in message.field if field.type_name}
        for part in message.nested_type:
            used |= of(part)
        return used

    used = set()
    for message in file.message_type:
        used |= of(message)
    for service in file.service:
        for method in service.method:
            used |= {method.input_type, method.output_type}
    return used


def comments(files: FileSet) -> dict[str, str]:
    """The comments before messages, fields, services and methods, by full name."""
    out = {}
    for file in files.file:
        names = dict(_paths(file))
        for location in file.source_code_info.location:
            text = "\n".join(line.strip() for line in location.leading_comments.strip().splitlines())
            if text and tuple(location.path) in names:
                out[names[tuple(location.path)]] = text
    return out


def _paths(file: FileProto):
    def of_message(path: tuple, scope: str, message):
        name = f"{scope}{message.name}"
        yield path, name
        for i, field in enumerate(message.field):
            yield (*path, 2, i), f"{name}.{field.name}"
        for i, part in enumerate(message.nested_type):
            yield from of_message((*path, 3, i), f"{name}.", part)

    scope = f"{file.package}." if file.package else ""
    for i, message in enumerate(file.message_type):
        yield from of_message((4, i), scope, message)
    for i, service in enumerate(file.service):
        yield (6, i), f"{scope}{service.name}"
        for j, method in enumerate(service.method):
            yield (6, i, 2, j), f"{scope}{service.name}.{method.name}"
