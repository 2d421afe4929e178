#include "bedrock/control/control_plane.hpp"

#include <set>
#include <utility>

#include "aws/service_error.hpp"
#include "base/percent.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

using json::Value;

constexpr std::size_t kMaxPages = 100;                         // of 1,000 profiles each
constexpr std::string_view kProfilePages = "maxResults=1000";  // botocore: 1 to 1000

std::vector<std::string> strings(Value array) {
  std::vector<std::string> texts;
  for (const Value element : array.elements()) texts.push_back(element.text_or_empty());
  return texts;
}

Lifecycle lifecycle_of(Value status) {
  const std::string_view word = status.string().value_or("");
  if (word == "ACTIVE") return Lifecycle::active;
  return word == "LEGACY" ? Lifecycle::legacy : Lifecycle::unknown;
}

FoundationModel read_model(Value summary) {
  FoundationModel model{.id = summary["modelId"].text_or_empty(),
                        .name = summary["modelName"].text_or_empty(),
                        .provider = summary["providerName"].text_or_empty(),
                        .input_modalities = strings(summary["inputModalities"]),
                        .output_modalities = strings(summary["outputModalities"]),
                        .inference_types = strings(summary["inferenceTypesSupported"])};
  if (const auto streams = summary["responseStreamingSupported"].boolean()) {
    model.streaming = *streams ? Support::yes : Support::no;
  }
  const Value lifecycle = summary["modelLifecycle"];
  model.lifecycle = lifecycle_of(lifecycle["status"]);
  model.end_of_life = lifecycle["endOfLifeTime"].text_or_empty();
  return model;
}

InferenceProfile read_profile(Value summary) {
  InferenceProfile profile{.id = summary["inferenceProfileId"].text_or_empty(),
                           .arn = summary["inferenceProfileArn"].text_or_empty(),
                           .name = summary["inferenceProfileName"].text_or_empty(),
                           .type = summary["type"].text_or_empty()};
  for (const Value model : summary["models"].elements()) {
    profile.model_arns.push_back(model["modelArn"].text_or_empty());
  }
  return profile;
}

Error not_understood(const UnsignedRequest& operation, const Response& answer) {
  Error error = make_error(ErrorCode::server_error,
                           operation.name + " in " + operation.region +
                               ": the answer is not one of Bedrock's control plane; check the "
                               "endpoint URL (bedrock_endpoint).");
  error.status_code = answer.head().status;
  error.request_id = aws::request_id(answer.head());
  error.attempts = answer.attempts;
  return error;
}

}  // namespace

/// What is asked.
struct ControlPlane::Question {
  std::string operation;
  std::string path;
  std::string_view required{};  ///< The member that tells an answer of this operation.
  std::string query{};
};

/// An answer, parsed.
struct ControlPlane::Document {
  std::unique_ptr<json::Parser> parser = std::make_unique<json::Parser>();
  Value root{};  ///< Lives as long as `parser`.
};

Result<ControlPlane::Document> ControlPlane::get(Question question, std::string_view region,
                                                 const CallOptions& options) const {
  UnsignedRequest operation;
  operation.name = std::move(question.operation);
  operation.method = "GET";
  operation.path = std::move(question.path);
  operation.query = std::move(question.query);
  operation.headers = {{"accept", "application/json"}};
  operation.context.operation = operation.name;
  if (auto moved = move_to(config_, region, operation, Plane::control); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  CallOptions limited = options;
  limited.timeout = short_time(options.timeout ? options.timeout : config_.pipeline.timeouts.total);
  const Result<Response> answer = pipeline_.send(operation, limited);
  if (!answer) return std::unexpected(answer.error());
  Document document;
  const Result<Value> root = document.parser->parse(answer->body);
  if (root && (*root)[question.required].exists()) {
    document.root = *root;
    return document;
  }
  auto hidden = pipeline_.error_in_success(operation, answer->head(), answer->body);
  Error error = hidden ? std::move(*hidden) : not_understood(operation, *answer);
  answer->sent.hide(operation.name, error);
  return std::unexpected(std::move(error));
}

Result<std::vector<FoundationModel>> ControlPlane::list_foundation_models(
    std::string_view region, const CallOptions& options) const {
  const Result<Document> document = get({.operation = "ListFoundationModels",
                                         .path = "/foundation-models",
                                         .required = "modelSummaries"},
                                        region, options);
  if (!document) return std::unexpected(document.error());
  std::vector<FoundationModel> models;
  for (const Value summary : document->root["modelSummaries"].elements()) {
    models.push_back(read_model(summary));
  }
  return models;
}

Result<std::vector<InferenceProfile>> ControlPlane::list_inference_profiles(
    std::string_view region, const CallOptions& options) const {
  std::vector<InferenceProfile> profiles;
  std::set<std::string> tokens;
  std::string query(kProfilePages);
  while (tokens.size() < kMaxPages) {
    const Result<Document> page = get({.operation = "ListInferenceProfiles",
                                       .path = "/inference-profiles",
                                       .required = "inferenceProfileSummaries",
                                       .query = query},
                                      region, options);
    if (!page) return std::unexpected(page.error());
    for (const Value summary : page->root["inferenceProfileSummaries"].elements()) {
      profiles.push_back(read_profile(summary));
    }
    const std::string token = page->root["nextToken"].text_or_empty();
    if (token.empty()) return profiles;
    if (!tokens.insert(token).second) break;
    query = std::string(kProfilePages) + "&nextToken=" + base::percent_encode(token);
  }
  return std::unexpected(
      make_error(ErrorCode::server_error, "ListInferenceProfiles in " + std::string(region) +
                                              ": the pages come to no end; it was not read on."));
}

Result<InferenceProfile> ControlPlane::get_inference_profile(std::string_view identifier,
                                                             std::string_view region,
                                                             const CallOptions& options) const {
  const Result<Document> document =
      get({.operation = "GetInferenceProfile",
           .path = "/inference-profiles/" + base::percent_encode(identifier),
           .required = "models"},
          region, options);
  if (!document) return std::unexpected(document.error());
  return read_profile(document->root);
}

}  // namespace llm::bedrock
