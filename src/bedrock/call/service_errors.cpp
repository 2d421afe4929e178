#include "bedrock/call/service_errors.hpp"

#include <algorithm>
#include <utility>

#include "aws/protocol/retry.hpp"
#include "base/errors.hpp"
#include "bedrock/call/service_error_table.hpp"
#include "bedrock/codec/operation.hpp"

namespace llm::bedrock {
namespace {

/// Source: Amazon Bedrock User Guide, "How tokens are counted in Amazon Bedrock".
constexpr std::string_view kSetLimit =
    "Set max_tokens: without it, Bedrock reserves the model's maximum against the quota of tokens "
    "per minute.";

/// What is added to the service's own words.
struct Wording {
  std::string explanation{};
  std::string advice{};

  void explain(std::string_view sentence) {
    if (!explanation.empty()) explanation += ' ';
    explanation += sentence;
  }
};

std::string call_advice(std::string_view id, const std::string& region) {
  return "In " + region + ", call \"" + std::string(id) + "\".";
}

std::string not_served(const std::string& region) {
  return "No inference profile of the model is known to serve " + region + ".";
}

/// Whether this is the id that was refused, in whatever form: advice must not repeat it.
bool is_refused(std::string_view id, const ModelId& model) {
  if (id == model.requested_id) return true;
  return id == (model.prefix.empty() ? model.base_id : model.prefix + '.' + model.base_id);
}

/// For a model that cannot be called by its bare id.
void add_profile(const ModelId& model, const std::string& region, Wording& wording) {
  if (model.facts == nullptr) return;
  const std::string_view prefix = profile_prefix(*model.facts, region);
  if (prefix.empty()) {
    wording.explain(not_served(region));
    return;
  }
  const std::string id = std::string(prefix) + '.' + model.base_id;
  if (!is_refused(id, model)) wording.advice = call_advice(id, region);
}

void add_successor(const ModelId& model, const std::string& region, Wording& wording) {
  const ModelFacts& facts = *model.facts;
  if (facts.successor.empty()) return;
  const ModelFacts* const successor = find_model(facts.successor);
  std::string id = successor == nullptr ? std::string() : callable_id(*successor, region);
  if (id.empty()) id = facts.successor;
  if (!is_refused(id, model)) wording.advice = "Use \"" + id + "\" instead.";
}

/// For an identifier that the service does not accept here, though the catalogue has the model.
void add_callable_id(const ModelId& model, const ErrorContext& context, Wording& wording) {
  const std::string& region = context.region;
  // Provisioned throughput and custom models have no other id.
  const bool is_public =
      model.kind == IdKind::base_model || model.kind == IdKind::inference_profile;
  if (!is_public || model.facts == nullptr) return;
  if (lifecycle_on(context.today, *model.facts) == Lifecycle::end_of_life) {
    wording.explain("The model has reached its end of life.");
    wording.advice = "Use another model.";
    add_successor(model, region, wording);
    return;
  }
  const std::string id = callable_id(*model.facts, region);
  if (id.empty()) {
    wording.explain(not_served(region));
  } else if (is_refused(id, model)) {
    wording.explain("The model may not be served in " + region + ".");
  } else {
    wording.advice = call_advice(id, region);
  }
}

/// The action that a refusal names (`bedrock:InvokeModel`); empty when it names none.
std::string_view refused_action(std::string_view message) {
  constexpr std::string_view kBefore = "is not authorized to perform: ";
  const auto begin = message.find(kBefore);
  if (begin == std::string_view::npos) return {};
  message.remove_prefix(begin + kBefore.size());
  return message.substr(0, message.find(' '));
}

std::string permission_advice(std::string_view message, const std::string& operation) {
  const auto* const known = std::ranges::find(kOperations, operation, &OperationInfo::name);
  const std::string own_action = "bedrock:" + operation;
  const std::string needed(known == kOperations.end() ? own_action : known->permission);
  const std::string_view refused = refused_action(message);
  std::string advice = "Allow " + (refused.empty() ? needed : std::string(refused)) + " in IAM.";
  // `Converse` and `ConverseStream` have no action of their own name.
  if (needed != own_action) advice.append(" ").append(operation).append(" needs " + needed + '.');
  return advice;
}

Wording wording_of(const ServiceErrorRow& row, const aws::ServiceError& error,
                   const ErrorContext& context) {
  Wording wording{.explanation = std::string(row.explanation), .advice = std::string(row.advice)};
  if (context.bearer && row.code == ErrorCode::authentication_error) {
    wording.advice = "Check the Bedrock API key (AWS_BEARER_TOKEN_BEDROCK).";
    return wording;
  }
  if (context.is_length_open && row.code == ErrorCode::rate_limit_error) {
    wording.advice.append(" ").append(kSetLimit);
  }
  if (row.advice_source == AdviceSource::permission) {
    wording.advice = permission_advice(error.message, context.operation);
  }
  const ModelId* const model = context.model;
  if (model == nullptr) return wording;
  if (row.advice_source == AdviceSource::profile) {
    add_profile(*model, context.region, wording);
  } else if (row.advice_source == AdviceSource::callable_id) {
    add_callable_id(*model, context, wording);
  } else if (row.advice_source == AdviceSource::successor && model->facts != nullptr) {
    add_successor(*model, context.region, wording);
  }
  return wording;
}

/// Where an error of the model came from, in brackets; empty when the service does not say.
std::string details_of(const aws::ServiceError& error) {
  std::string details;
  const auto add = [&details](std::string_view label, std::string_view text) {
    if (!text.empty()) details.append(details.empty() ? " (" : ", ").append(label).append(text);
  };
  if (error.original_status != 0) add("original status ", std::to_string(error.original_status));
  add("original message: ", error.original_message);
  add("resource ", error.resource_name);
  return details.empty() ? details : details + ')';
}

std::string without_message(int status) {
  const std::string what = status == 0 ? "an error" : "HTTP status " + std::to_string(status);
  return "The service sent " + what + " without a readable message";
}

/// The service's own words as a sentence, after its name for the error.
std::string service_words(const aws::ServiceError& error) {
  std::string words = error.code.empty() ? std::string() : error.code + ": ";
  words += error.message.empty() ? without_message(error.status) : error.message;
  words += details_of(error);
  if (!words.ends_with('.') && !words.ends_with('!') && !words.ends_with('?')) words += '.';
  return words;
}

}  // namespace

std::string subject_of(const ErrorContext& context) {
  std::string subject = context.operation;
  if (context.model != nullptr) subject += " of \"" + context.model->requested_id + "\"";
  if (!context.region.empty()) subject += " in " + context.region;
  return subject;
}

Error to_error(const aws::ServiceError& service_error, const ErrorContext& context) {
  const ServiceErrorRow& row = row_for(service_error);
  Wording wording = wording_of(row, service_error, context);
  Error error = make_error(row.code, service_words(service_error), std::move(wording.advice));
  base::add_context(subject_of(context), error);
  if (!wording.explanation.empty()) base::add_sentence(wording.explanation, error);
  error.status_code = service_error.status;
  error.service_code = service_error.code;
  error.request_id = service_error.request_id;
  error.retryable =
      aws::retry_kind(service_error.status, service_error.code) != aws::RetryKind::never ||
      row.code == ErrorCode::rate_limit_error;
  return error;
}

}  // namespace llm::bedrock
