#include "contract/any_types.h"

#include <string>

namespace dataservice {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;

AnyTypes::AnyTypes(const std::vector<const FileDescriptor*>& files) : pool_(files.front()->pool()) {
  for (const FileDescriptor* file : files) Add(file);
}

bool AnyTypes::Contains(std::string_view name) const {
  const Descriptor* message = pool_->FindMessageTypeByName(std::string(name));
  if (message == nullptr) return false;
  return files_.contains(message->file()) ||
         message->well_known_type() != Descriptor::WELLKNOWNTYPE_UNSPECIFIED ||
         message->full_name() == "google.protobuf.Empty";
}

void AnyTypes::Add(const FileDescriptor* file) {
  if (!files_.insert(file).second) return;
  for (int i = 0; i < file->dependency_count(); ++i) Add(file->dependency(i));
}

}  // namespace dataservice
