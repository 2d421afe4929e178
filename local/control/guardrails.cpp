#include "local/control/guardrails.hpp"

#include <algorithm>
#include <vector>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/frontend/query.hpp"
#include "local/frontend/shapes.hpp"
#include "local/guardrails/regex.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::string_view kIdentifierPattern =
    "(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))";
constexpr std::string_view kVersionPattern = "(([1-9][0-9]{0,7})|(DRAFT))";
constexpr std::string_view kNumberPattern = "[1-9][0-9]{0,7}";
constexpr std::string_view kTokenPattern = "[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?";
constexpr std::string_view kKeyPattern =
    "(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|"
    "(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)";
constexpr std::string_view kProfilePattern =
    "[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:"
    "guardrail-profile/[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+";
constexpr std::size_t kMaxIdentifierBytes = 2048;

/// Checks a value that is given against a pattern of the service model.
Checked<void> check_pattern(const std::string& value, std::string_view at,
                            std::string_view pattern) {
  if (value.empty()) return {};
  const std::optional<Regex> regex = Regex::compile("^(?:" + std::string(pattern) + ")$");
  MatchBudget budget;
  if (value.size() <= kMaxIdentifierBytes && regex && regex->find(value, 0, budget)) return {};
  return invalid("1 validation error detected: Value '" + value + "' at '" + std::string(at) +
                 "' failed to satisfy constraint: Member must satisfy regular expression "
                 "pattern: " +
                 std::string(pattern));
}

Checked<void> check_identifier(std::string_view identifier) {
  return check_pattern(std::string(identifier), "guardrailIdentifier", kIdentifierPattern);
}

/// The body of a request, checked against a shape.
Checked<Value> read_guardrail_body(const Request& request, std::string_view shape,
                                   json::Parser& parser) {
  const Result<Value> body = parser.parse(request.body.empty() ? "{}" : request.body);
  if (!body) return malformed("");
  auto checked = check_shape(*body, shape);
  if (checked) {
    checked = check_pattern((*body)["clientRequestToken"].text_or_empty(), "clientRequestToken",
                            kTokenPattern);
  }
  if (checked) {
    checked = check_pattern((*body)["kmsKeyId"].text_or_empty(), "kmsKeyId", kKeyPattern);
  }
  if (checked) {
    checked =
        check_pattern((*body)["crossRegionConfig"]["guardrailProfileIdentifier"].text_or_empty(),
                      "crossRegionConfig.guardrailProfileIdentifier", kProfilePattern);
  }
  if (!checked) return std::unexpected(checked.error());
  return *body;
}

Reply accepted(json::Writer writer) {
  Reply reply = json_reply(std::move(writer).take());
  reply.status = 202;
  return reply;
}

void write_cross_region(const Guardrail& guardrail, const Value& definition, json::Writer& writer) {
  const std::string profile =
      definition["crossRegionConfig"]["guardrailProfileIdentifier"].text_or_empty();
  if (profile.empty()) return;
  const std::string arn_of_profiles =
      guardrail.arn.substr(0, guardrail.arn.rfind(':')) + ":guardrail-profile/";
  writer.key("crossRegionDetails").begin_object();
  writer.member("guardrailProfileId", profile.substr(profile.rfind('/') + 1));
  writer.member("guardrailProfileArn",
                profile.starts_with("arn:") ? profile : arn_of_profiles + profile);
  writer.end_object();
}

/// `topicsConfig` of a request is `topics` in a response.
std::string_view without_config(std::string_view key) {
  constexpr std::string_view kConfig = "Config";
  if (key.ends_with(kConfig)) key.remove_suffix(kConfig.size());
  return key;
}

void write_guardrail_policies(const Value& definition, json::Writer& writer) {
  for (const json::Member& policy : definition.members()) {
    if (!policy.key.ends_with("PolicyConfig") || !policy.value.is_object()) continue;
    writer.key(without_config(policy.key)).begin_object();
    for (const json::Member& part : policy.value.members()) {
      writer.key(without_config(part.key));
      part.value.write_to(writer);
    }
    writer.end_object();
  }
}

void write_times(const Guardrail& guardrail, json::Writer& writer) {
  writer.member("createdAt", base::iso8601(guardrail.created));
  writer.member("updatedAt", base::iso8601(guardrail.updated));
}

void write_summary(const Guardrail& guardrail, json::Writer& writer) {
  json::Parser parser;
  const Result<Value> definition = parser.parse(guardrail.definition);
  writer.begin_object().member("id", guardrail.id).member("arn", guardrail.arn);
  writer.member("status", "READY").member("name", guardrail.name);
  if (!guardrail.description.empty()) writer.member("description", guardrail.description);
  writer.member("version", guardrail.version);
  write_times(guardrail, writer);
  if (definition) write_cross_region(guardrail, *definition, writer);
  writer.end_object();
}

void write_guardrail(const Guardrail& guardrail, json::Writer& writer) {
  json::Parser parser;
  const Result<Value> definition = parser.parse(guardrail.definition);
  writer.begin_object().member("name", guardrail.name);
  if (!guardrail.description.empty()) writer.member("description", guardrail.description);
  writer.member("guardrailId", guardrail.id).member("guardrailArn", guardrail.arn);
  writer.member("version", guardrail.version).member("status", "READY");
  if (definition) {
    write_guardrail_policies(*definition, writer);
    write_cross_region(guardrail, *definition, writer);
    const std::string key = (*definition)["kmsKeyId"].text_or_empty();
    if (key.starts_with("arn:")) writer.member("kmsKeyArn", key);
  }
  write_times(guardrail, writer);
  writer.member("blockedInputMessaging", guardrail.policies->blocked_input);
  writer.member("blockedOutputsMessaging", guardrail.policies->blocked_output);
  writer.end_object();
}

}  // namespace

Checked<Reply> create_guardrail(const Request& request, const GuardrailCaller& caller,
                                GuardrailStore& store) {
  json::Parser parser;
  const Checked<Value> body = read_guardrail_body(request, "CreateGuardrailRequest", parser);
  if (!body) return std::unexpected(body.error());
  const auto created = store.create(caller.access_key_id, caller.region, *body, caller.now);
  if (!created) return std::unexpected(created.error());
  json::Writer writer;
  writer.begin_object().member("guardrailId", (*created)->id);
  writer.member("guardrailArn", (*created)->arn).member("version", (*created)->version);
  writer.member("createdAt", base::iso8601((*created)->created)).end_object();
  return accepted(std::move(writer));
}

Checked<Reply> get_guardrail(std::string_view identifier, std::string_view query,
                             const GuardrailCaller& caller, const GuardrailStore& store) {
  const std::string version = query_value(query, "guardrailVersion");
  auto checked = check_identifier(identifier);
  if (checked) checked = check_pattern(version, "guardrailVersion", kVersionPattern);
  if (!checked) return std::unexpected(checked.error());
  const auto found = store.get(caller.access_key_id, identifier, version);
  if (!found) return std::unexpected(found.error());
  json::Writer writer;
  write_guardrail(**found, writer);
  return json_reply(std::move(writer).take());
}

Checked<Reply> list_guardrails(std::string_view query, const GuardrailCaller& caller,
                               const GuardrailStore& store) {
  const std::string identifier = query_value(query, "guardrailIdentifier");
  if (auto checked = check_identifier(identifier); !checked) {
    return std::unexpected(checked.error());
  }
  Checked<std::vector<GuardrailPtr>> all = identifier.empty()
                                               ? store.drafts(caller.access_key_id)
                                               : store.versions(caller.access_key_id, identifier);
  if (!all) return std::unexpected(all.error());
  const Checked<std::size_t> size = page_size(query);
  if (!size) return std::unexpected(size.error());
  const auto first = read_page_token(query_value(query, "nextToken"), all->size());
  if (!first) return std::unexpected(first.error());

  const std::size_t end = std::min(*first + *size, all->size());
  json::Writer writer;
  writer.begin_object().key("guardrails").begin_array();
  for (std::size_t i = *first; i < end; ++i) write_summary(*(*all)[i], writer);
  writer.end_array();
  if (end < all->size()) writer.member("nextToken", page_token(end));
  writer.end_object();
  return json_reply(std::move(writer).take());
}

Checked<Reply> update_guardrail(const Request& request, std::string_view identifier,
                                const GuardrailCaller& caller, GuardrailStore& store) {
  if (auto checked = check_identifier(identifier); !checked) {
    return std::unexpected(checked.error());
  }
  json::Parser parser;
  const Checked<Value> body = read_guardrail_body(request, "UpdateGuardrailRequest", parser);
  if (!body) return std::unexpected(body.error());
  const auto updated = store.update(caller.access_key_id, identifier, *body, caller.now);
  if (!updated) return std::unexpected(updated.error());
  json::Writer writer;
  writer.begin_object().member("guardrailId", (*updated)->id);
  writer.member("guardrailArn", (*updated)->arn).member("version", (*updated)->version);
  writer.member("updatedAt", base::iso8601((*updated)->updated)).end_object();
  return accepted(std::move(writer));
}

Checked<Reply> delete_guardrail(std::string_view identifier, std::string_view query,
                                const GuardrailCaller& caller, GuardrailStore& store) {
  const std::string version = query_value(query, "guardrailVersion");
  auto checked = check_identifier(identifier);
  if (checked) checked = check_pattern(version, "guardrailVersion", kNumberPattern);
  if (checked) checked = store.erase(caller.access_key_id, identifier, version);
  if (!checked) return std::unexpected(checked.error());
  json::Writer writer;
  writer.begin_object().end_object();
  return accepted(std::move(writer));
}

Checked<Reply> create_guardrail_version(const Request& request, std::string_view identifier,
                                        const GuardrailCaller& caller, GuardrailStore& store) {
  if (auto checked = check_identifier(identifier); !checked) {
    return std::unexpected(checked.error());
  }
  json::Parser parser;
  const Checked<Value> body = read_guardrail_body(request, "CreateGuardrailVersionRequest", parser);
  if (!body) return std::unexpected(body.error());
  const auto created = store.create_version(caller.access_key_id, identifier, *body, caller.now);
  if (!created) return std::unexpected(created.error());
  json::Writer writer;
  writer.begin_object().member("guardrailId", (*created)->id);
  writer.member("version", (*created)->version).end_object();
  return accepted(std::move(writer));
}

}  // namespace llm::local
