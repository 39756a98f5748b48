"""The C++ names of a contract's elements, as protoc makes them."""

from google.protobuf.descriptor import Descriptor, FieldDescriptor

# A field with one of these names has an underscore after the names of its functions.
WORDS = """alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl const constexpr
const_cast continue decltype default delete do double dynamic_cast else enum explicit export extern false float for
friend goto if inline int long mutable namespace new noexcept not not_eq NULL operator or or_eq private protected
public register reinterpret_cast return short signed sizeof static static_assert static_cast struct switch template
this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor
xor_eq char8_t char16_t char32_t concept consteval constinit co_await co_return co_yield requires"""
KEYWORDS = frozenset(WORDS.split())
SCALARS = {
    FieldDescriptor.CPPTYPE_INT32: "int32_t",
    FieldDescriptor.CPPTYPE_INT64: "int64_t",
    FieldDescriptor.CPPTYPE_UINT32: "uint32_t",
    FieldDescriptor.CPPTYPE_UINT64: "uint64_t",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_STRING: "const std::string&",
}


def camel(name: str) -> str:
    """BatchGet for batch_get."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def qualified(name: str) -> str:
    """The type of a message by its full name. protoc has an alias for each nested message."""
    return "::" + name.replace(".", "::")


def type_of(message: Descriptor) -> str:
    return qualified(message.full_name)


def accessor(field: str) -> str:
    name = field.lower()
    return f"{name}_" if name in KEYWORDS else name


def scalar(field: FieldDescriptor) -> str:
    """The type of a parameter with the value of a key."""
    return SCALARS[field.cpp_type]


def header_of(file: str) -> str:
    return file.removesuffix(".proto") + ".pb.h"


def stub_header_of(file: str) -> str:
    return file.removesuffix(".proto") + ".grpc.pb.h"
