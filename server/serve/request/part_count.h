// Counts what a message has in it, before a parser takes memory for it.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream.h>

namespace dataservice {

struct PartCount {
  enum class Result {
    kFits,
    kTooMany,  // more than kMaxRequestMessages or kMaxRequestValues
    kTooDeep,  // nested more deeply than protobuf's parsers read
    kBroken,   // no message: no parser reads on from there
  };

  Result result = Result::kFits;
  // The last field of the message that was read; null if the message's type does not have it.
  const google::protobuf::FieldDescriptor* field = nullptr;
};

// Counts the parts of a message of `type`, as far as the limits of a request. Messages are those
// that JSON has as an object or an array of their own. Values are all other parts: fields, also
// unknown ones, entries of maps, numbers of packed fields, and messages such as a Timestamp. Not
// counted is the first field of each message, as commas of JSON would not count it, and what an
// entry or a Timestamp consists of. A packed field of numbers of a fixed size is one value: in
// memory they are as large as here.
PartCount CountParts(const google::protobuf::Descriptor& type,
                     google::protobuf::io::ZeroCopyInputStream& bytes);

}  // namespace dataservice
