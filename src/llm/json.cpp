#include <llm/json.hpp>

#include <utility>

#include "base/text.hpp"
#include "json/reader.hpp"
#include "llm/json_members.hpp"

namespace llm {

Result<Json> Json::parse(std::string_view text) {
  json::Parser parser;
  const auto value = parser.parse(text);
  if (!value) return std::unexpected(unparsable("The text", value.error()));
  return Json(std::string(base::trim(text)));
}

Json Json::empty_object() { return Json(std::string("{}")); }

Json Json::from_valid_text(std::string text) { return Json(std::move(text)); }

}  // namespace llm
