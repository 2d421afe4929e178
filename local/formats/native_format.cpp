#include "local/formats/native_format.hpp"

namespace llm::local {

const Form& form_of(const Model& model, const json::Value& body) {
  switch (model.form) {
    case WireForm::titan_text:
      return titan_text_form();
    case WireForm::llama:
      return llama_form();
    case WireForm::claude_text:
      return claude_text_form();
    default:
      return body["prompt"].exists() ? claude_text_form() : claude_messages_form();
  }
}

}  // namespace llm::local
