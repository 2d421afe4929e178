#include "local/runtime/count_tokens.hpp"

#include "base/base64.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/formats/converse/request.hpp"
#include "local/formats/native_format.hpp"
#include "local/frontend/shapes.hpp"
#include "local/model/models.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxCountTokensIdBytes = 256;  // botocore: CountTokensRequest.modelId

Checked<const Model*> model_to_count_with(std::string_view identifier) {
  if (identifier.size() > kMaxCountTokensIdBytes) {
    return invalid(
        "1 validation error detected: Value at 'modelId' failed to satisfy constraint: Member must "
        "have length less than or equal to 256");
  }
  const Model* model = find_model(identifier);
  if (model != nullptr && model->counts_tokens) return model;
  // Reported: profiles and ARNs are refused like models that do not support counting.
  const std::string_view id = without_arn(identifier);
  if (find_model(id) == nullptr && find_profile(id) == nullptr) return invalid_model();
  return invalid("The provided model doesn't support counting tokens.");
}

Checked<Prompt> read_native(std::string_view base64, const Model& model, json::Parser& parser) {
  std::string text;
  if (!base::append_base64_decoded(base64, text)) return malformed("");
  const Result<Value> body = parser.parse(text);
  if (!body) return malformed("");
  const NativeFormat* format = find_native_format(model, *body);
  if (format == nullptr) return malformed("");
  return format->read(*body, model);
}

}  // namespace

Checked<Reply> count_prompt_tokens(const Request& request, std::string_view model_id) {
  const Checked<const Model*> model = model_to_count_with(model_id);
  if (!model) return std::unexpected(model.error());
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if (auto checked = check_shape(*body, "CountTokensRequest"); !checked) {
    return std::unexpected(checked.error());
  }

  json::Parser native_parser;
  const Value native = (*body)["input"]["invokeModel"]["body"];
  const Checked<Prompt> prompt =
      native.is_string()
          ? read_native(*native.string(), **model, native_parser)
          : read_checked_converse((*body)["input"]["converse"], **model, Delivery::buffered);
  if (!prompt) return std::unexpected(prompt.error());

  json::Writer writer;
  writer.begin_object().key("inputTokens").integer(prompt->prompt_tokens).end_object();
  return json_reply(std::move(writer).take());
}

}  // namespace llm::local
