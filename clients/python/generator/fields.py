"""Fields of requests as parameters of Python functions."""

import keyword

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

# Names that the functions use themselves.
TAKEN = {"self", "timeout", "limit", "page_size", "page_token", "progress", "change", "rows", "request"}
SCALARS = {
    FieldDescriptor.CPPTYPE_INT32: ("int", "0"),
    FieldDescriptor.CPPTYPE_INT64: ("int", "0"),
    FieldDescriptor.CPPTYPE_UINT32: ("int", "0"),
    FieldDescriptor.CPPTYPE_UINT64: ("int", "0"),
    FieldDescriptor.CPPTYPE_DOUBLE: ("float", "0.0"),
    FieldDescriptor.CPPTYPE_FLOAT: ("float", "0.0"),
    FieldDescriptor.CPPTYPE_BOOL: ("bool", "False"),
}
MASK = "google.protobuf.FieldMask"


def module_of(file: str) -> str:
    """The name of a proto file's module in the client's code."""
    name = file.removesuffix(".proto")
    # The files of the contract are in MODULE/protos.
    if "/protos/" in name and not name.startswith("google/"):
        name = name.split("/protos/", 1)[1]
    return name.replace("/", "_").replace("-", "_") + "_pb2"


def class_of(message: Descriptor | EnumDescriptor) -> str:
    name = message.full_name
    if message.file.package:
        name = name.removeprefix(f"{message.file.package}.")
    return f"{module_of(message.file.name)}.{name}"


def is_type(field: FieldDescriptor, message: str) -> bool:
    return field.message_type is not None and field.message_type.full_name == message


class Parameter:
    """A field of a request as a parameter."""

    def __init__(self, field: FieldDescriptor, type_: str = "", default: str = ""):
        self.field = field
        is_reserved = self.is_keyword(field.name) or field.name in TAKEN
        self.name = f"{field.name}_" if is_reserved else field.name
        self.type, self.default = type_ or _type(field), default or _default(field)

    @staticmethod
    def is_keyword(name: str) -> bool:
        return keyword.iskeyword(name)

    @property
    def declared(self) -> str:
        """As a parameter that must be given."""
        return f"{self.name}: {self.type}"

    @property
    def value(self) -> str:
        """The expression of the field's value."""
        return f"mask({self.name})" if is_type(self.field, MASK) and not self.field.is_repeated else self.name


def declaration(parameter: Parameter) -> str:
    """As a parameter that may be omitted."""
    return f"{parameter.name}: {parameter.type} = {parameter.default}"


def parameters(request: Descriptor, taken: set[str]) -> list[Parameter]:
    return [Parameter(field) for field in request.fields if field.name not in taken]


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _one(field: FieldDescriptor) -> str:
    if field.message_type is not None:
        return class_of(field.message_type)
    if field.enum_type is not None:
        return f"{class_of(field.enum_type)}.ValueType"
    if field.type == field.TYPE_BYTES:
        return "bytes"
    return "str" if field.type == field.TYPE_STRING else SCALARS[field.cpp_type][0]


def _type(field: FieldDescriptor) -> str:
    if _is_map(field):
        key, value = field.message_type.fields
        return f"Optional[Mapping[{_one(key)}, {_one(value)}]]"
    if field.is_repeated:
        return f"Iterable[{_one(field)}]"
    if is_type(field, MASK):
        return "Optional[Iterable[str]]"
    return f"Optional[{_one(field)}]" if field.has_presence else _one(field)


def _default(field: FieldDescriptor) -> str:
    if _is_map(field) or (field.has_presence and not field.is_repeated):
        return "None"
    if field.is_repeated:
        return "()"
    if field.enum_type is not None:
        first = field.enum_type.values[0].name
        scope = class_of(field.enum_type)
        return f"{scope}.{first}"
    if field.type == field.TYPE_BYTES:
        return 'b""'
    return '""' if field.type == field.TYPE_STRING else SCALARS[field.cpp_type][1]
