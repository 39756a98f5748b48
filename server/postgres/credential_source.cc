#include "postgres/credential_source.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "postgres/credentials_command.h"
#include "read_file.h"

namespace dataservice {
namespace {

ConnInfoParameters Merged(ConnInfoParameters fixed, const Credentials& credentials) {
  fixed["user"] = credentials.username;
  fixed["password"] = credentials.password;
  const bool has_host = NamesHost(fixed);
  if (!has_host && !credentials.host.empty()) fixed["host"] = credentials.host;
  if (!has_host && !credentials.port.empty()) fixed.emplace("port", credentials.port);
  if (!credentials.dbname.empty()) fixed.emplace("dbname", credentials.dbname);
  return fixed;
}

// Adds what is the same for a standby. Several ports belong to as many hosts, and those of a
// service may have a port of their own.
void AddOfWriter(const ConnInfoParameters& writer, ConnInfoParameters& standby) {
  const bool is_service = standby.count("service") > 0;
  for (const auto& [keyword, value] : writer) {
    const bool is_other_port = keyword == "port" && (is_service || absl::StrContains(value, ','));
    const bool says_where = keyword == "host" || keyword == "hostaddr" || keyword == "service" ||
                            keyword == "target_session_attrs";
    if (!says_where && !is_other_port) standby.emplace(keyword, value);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<CredentialSource>> CredentialSource::Create(
    const CredentialSettings& settings, const std::string& application_name) {
  if (settings.conninfo.empty() && settings.secret.empty() && settings.command.empty()) {
    return absl::InvalidArgumentError(
        "--database, --database_secret or --credentials_command is needed: none of them says "
        "where the database is");
  }
  if (!settings.secret.empty() && !settings.command.empty()) {
    return absl::InvalidArgumentError(
        "--database_secret and --credentials_command both give credentials: choose one");
  }
  auto fixed = ParseConnInfo(settings.conninfo);
  if (!fixed.ok()) return fixed.status();
  if (!settings.writer_conninfo.empty()) {
    const auto writer = ParseConnInfo(settings.writer_conninfo);
    if (!writer.ok()) return writer.status();
    AddOfWriter(*writer, *fixed);
  }
  AddDefaults(application_name, *fixed);
  std::unique_ptr<CredentialSource> source(
      new CredentialSource(*std::move(fixed), settings.secret));
  if (!settings.secret.empty()) {
    const auto read = source->ReadSecret();
    if (!read.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--database_secret: ", read.status().message()));
    }
  }
  if (!settings.command.empty()) {
    auto words = CommandWords(settings.command);
    if (!words.ok()) return words.status();
    source->command_.emplace([words = *std::move(words)]() -> absl::StatusOr<Credentials> {
      const auto json = RunCommand(words, absl::FromChrono(kCredentialsTimeout));
      if (!json.ok()) return json.status();
      return ParseCredentials(*json);
    });
  }
  return source;
}

absl::StatusOr<Credentials> CredentialSource::ReadSecret() const {
  if (!absl::StartsWith(secret_, "@")) return ParseCredentials(secret_);
  const auto text = ReadFile(secret_.substr(1));
  if (!text.ok()) return text.status();
  return ParseCredentials(*text);
}

absl::StatusOr<std::string> CredentialSource::ConnInfo() {
  if (secret_.empty() && !command_.has_value()) return FormatConnInfo(fixed_);
  const auto credentials = command_.has_value() ? command_->Get() : ReadSecret();
  if (!credentials.ok()) {
    return absl::UnavailableError(absl::StrCat("no credentials: ", credentials.status().message()));
  }
  return FormatConnInfo(Merged(fixed_, *credentials));
}

void CredentialSource::Refused() {
  if (command_.has_value()) command_->Refused();
}

}  // namespace dataservice
