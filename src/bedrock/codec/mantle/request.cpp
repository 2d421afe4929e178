#include "bedrock/codec/mantle/request.hpp"

#include <utility>

#include "base/errors.hpp"
#include "bedrock/codec/request_check.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

std::unexpected<Error> no_member(const ModelId& model, std::string_view what) {
  return std::unexpected(
      unsupported(model, "is called through bedrock-mantle, which has no " + std::string(what),
                  "Leave it out, or call the model through Bedrock Runtime."));
}

/// Beta flags and versions are words.
bool is_header_word(std::string_view text) {
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_letter && !is_digit && c != '-' && c != '_' && c != '.' && c != ',') return false;
  }
  return true;
}

}  // namespace

Result<void> check_mantle(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (request.guardrail) return no_member(model, "guardrails");
  if (!request.latency.empty()) return no_member(model, "latency");
  if (!request.extra_response_fields.empty()) return no_member(model, "extra_response_fields");
  if (!request.prompt_variables.empty()) return no_member(model, "prompt variables");
  return check_request(request, model, delivery);
}

void begin_mantle_body(const ModelId& model, Delivery delivery, InvokeBody& body) {
  if (body.begin("model")) body.writer().string(model.requested_id);
  if (delivery == Delivery::streaming && body.begin("stream")) body.writer().boolean(true);
}

std::vector<HttpHeader> mantle_headers(Delivery delivery) {
  const bool is_buffered = delivery == Delivery::buffered;
  return {{"Content-Type", "application/json"},
          {"Accept", is_buffered ? "application/json" : "text/event-stream"}};
}

void MessagesHeaders::add_beta(std::string_view beta) {
  if (beta.empty() || betas.contains(beta)) return;
  if (!betas.empty()) betas += ',';
  betas += beta;
}

MessagesHeaders messages_headers(const Json& extra_fields) {
  MessagesHeaders headers;
  headers.other_fields = extra_fields;
  json::Parser parser;
  const auto root = parser.parse(extra_fields.text());
  if (!root || !root->is_object()) return headers;
  json::Writer others;
  others.begin_object();
  for (const auto [key, value] : root->members()) {
    if (key == "anthropic_version" && value.is_string()) {
      headers.version = value.text_or_empty();
    } else if (key == "anthropic_beta" && value.is_array()) {
      for (const json::Value beta : value.elements()) headers.add_beta(beta.text_or_empty());
    } else {
      value.write_to(others.key(key));
    }
  }
  others.end_object();
  headers.other_fields = Json::from_valid_text(std::move(others).take());
  return headers;
}

Result<WireRequest> messages_request(const ChatRequest& request, const ModelId& model,
                                     Delivery delivery, const MessagesHeaders& headers,
                                     InvokeBody&& body) {
  if (!is_header_word(headers.version) || !is_header_word(headers.betas)) {
    return base::configuration_error(
        "The anthropic_version or an anthropic_beta of extra_fields is not a word, and "
        "bedrock-mantle takes both as headers.");
  }
  if (!request.metadata.empty()) return no_member(model, "metadata in Anthropic Messages");
  if (!request.service_tier.empty() && body.begin("service_tier")) {
    body.writer().string(request.service_tier);
  }
  WireRequest wire{.operation = Operation::messages, .headers = mantle_headers(delivery)};
  wire.headers.push_back({"anthropic-version", headers.version});
  if (!headers.betas.empty()) wire.headers.push_back({"anthropic-beta", headers.betas});
  if (const std::string_view project = project_of(request, model); !project.empty()) {
    wire.headers.push_back({"anthropic-workspace-id", std::string(project)});
  }
  wire.warnings = std::move(body.warnings());
  warn_of_idle_options(request, delivery, wire.warnings);
  wire.body = std::move(body).take();
  return wire;
}

}  // namespace llm::bedrock
