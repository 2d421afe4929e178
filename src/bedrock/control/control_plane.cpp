#include "bedrock/control/control_plane.hpp"

#include <set>
#include <utility>

#include "aws/protocol/service_error.hpp"
#include "base/percent.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

using json::Value;

constexpr std::size_t kMaxPages = 100;                         // Of 1,000 profiles each.
constexpr std::string_view kProfilePages = "maxResults=1000";  // Source: botocore, 1 to 1000.

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

Error not_understood(const UnsignedRequest& request, const Response& response) {
  Error error = make_error(ErrorCode::server_error,
                           request.name + " in " + request.region +
                               ": The response is not from Bedrock's control plane.",
                           "Check the endpoint URL (bedrock_endpoint).");
  error.status_code = response.head().status;
  error.request_id = aws::request_id(response.head());
  error.attempts = response.attempts;
  return error;
}

}  // namespace

/// What is requested.
struct ControlPlane::Query {
  std::string operation;
  std::string path;
  std::string_view required{};  ///< The member that every response of this operation has.
  std::string query{};
};

/// A parsed response.
struct ControlPlane::Document {
  std::unique_ptr<json::Parser> parser = std::make_unique<json::Parser>();
  Value root{};  ///< Lives as long as `parser`.
};

Result<ControlPlane::Document> ControlPlane::get(Query query, std::string_view region,
                                                 const Call& call) const {
  UnsignedRequest request;
  request.name = std::move(query.operation);
  request.method = "GET";
  request.plane = Plane::control;
  request.path = std::move(query.path);
  request.query = std::move(query.query);
  if (!config_.project.empty()) {
    if (!request.query.empty()) request.query += '&';
    request.query += "projectIdentifier=" + base::percent_encode(config_.project);
  }
  request.headers = {{"accept", "application/json"}};
  request.context.operation = request.name;
  if (auto moved = move_to(config_, region, request); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  Call step = call;
  step.deadline = aws::deadline_of_step(call.deadline, config_.pipeline.system, kShortTime);
  const Result<Response> response = pipeline_.send(request, step);
  if (!response) return std::unexpected(response.error());
  Document document;
  const Result<Value> root = document.parser->parse(response->body);
  if (root && (*root)[query.required].exists()) {
    document.root = *root;
    return document;
  }
  auto hidden = pipeline_.error_in_success(request, response->head(), response->body);
  Error error = hidden ? std::move(*hidden) : not_understood(request, *response);
  response->sent.hide(request.name, error);
  return std::unexpected(std::move(error));
}

Result<std::vector<FoundationModel>> ControlPlane::list_foundation_models(std::string_view region,
                                                                          const Call& call) const {
  const Result<Document> document = get({.operation = "ListFoundationModels",
                                         .path = "/foundation-models",
                                         .required = "modelSummaries"},
                                        region, call);
  if (!document) return std::unexpected(document.error());
  std::vector<FoundationModel> models;
  for (const Value summary : document->root["modelSummaries"].elements()) {
    models.push_back(read_model(summary));
  }
  return models;
}

Result<std::vector<InferenceProfile>> ControlPlane::list_inference_profiles(
    std::string_view region, const Call& call) const {
  std::vector<InferenceProfile> profiles;
  std::set<std::string> tokens;
  std::string query(kProfilePages);
  while (tokens.size() < kMaxPages) {
    const Result<Document> page = get({.operation = "ListInferenceProfiles",
                                       .path = "/inference-profiles",
                                       .required = "inferenceProfileSummaries",
                                       .query = query},
                                      region, call);
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
                                              ": The service returned an endless list of pages."));
}

Result<InferenceProfile> ControlPlane::get_inference_profile(std::string_view identifier,
                                                             std::string_view region,
                                                             const Call& call) const {
  const Result<Document> document =
      get({.operation = "GetInferenceProfile",
           .path = "/inference-profiles/" + base::percent_encode(identifier),
           .required = "models"},
          region, call);
  if (!document) return std::unexpected(document.error());
  return read_profile(document->root);
}

}  // namespace llm::bedrock
