#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "input_file.hpp"
#include "layout.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct EmbedOptions {
  ConnectionOptions connection{};
  std::vector<std::string> texts{};
  std::vector<std::string> images{};
  std::string input_type{};
  std::optional<int> dimensions{};
  std::string truncate{};
  bool no_normalize = false;
  bool json = false;
};

EmbedOptions read_options(const Given& given) {
  return {.connection = connection_options(given),
          .texts = given.texts(kTexts),
          .images = given.texts(kAttachImage),
          .input_type = given.text(kInputType),
          .dimensions = given.integer(kDimensions),
          .truncate = given.text(kTruncate),
          .no_normalize = given.has(kNoNormalize),
          .json = given.has(kJsonResponse)};
}

llm::Result<llm::EmbeddingRequest> request_of(const EmbedOptions& options) {
  llm::EmbeddingRequest request{.input_type = options.input_type,
                                .dimensions = options.dimensions,
                                .truncate = options.truncate};
  if (options.no_normalize) request.normalize = false;
  request.inputs.assign(options.texts.begin(), options.texts.end());
  for (const std::string& path : options.images) {
    auto image = llm::image_from_file(path);
    if (!image) return std::unexpected(std::move(image.error()));
    request.inputs.emplace_back(std::move(*image));
  }
  if (request.inputs.empty()) {
    const auto piped = piped_input();
    if (!piped) return std::unexpected(piped.error());
    const std::vector<std::string> lines = lines_of(*piped);
    request.inputs.assign(lines.begin(), lines.end());
  }
  if (!request.inputs.empty()) return request;
  return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                         "There is nothing to embed.",
                                         "Pass texts as arguments, or pipe lines in."));
}

std::string as_json(const std::vector<double>& vector) {
  std::string text;
  for (const double number : vector) text += (text.empty() ? "[" : ",") + exact_number(number);
  return text + ']';
}

/// One vector per line, as JSON.
std::string as_lines(const llm::EmbeddingResponse& response) {
  std::string lines;
  for (const std::vector<double>& embedding : response.embeddings) {
    lines += as_json(embedding) + '\n';
  }
  return lines;
}

}  // namespace

ExitCode embed_command(Arguments arguments) {
  const auto given = parse(kEmbed, arguments);
  if (!given) return given.error();
  const EmbedOptions options = read_options(*given);
  const Style style = options.json ? Style::json : Style::text;

  if (options.connection.model.empty()) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error,
                                "The model is missing. Embeddings have no default model, because "
                                "vectors of different models cannot be compared.",
                                "Set --model. `bedrock models embed` lists the models."),
                style);
  }
  const auto request = request_of(options);
  if (!request) return fail(request.error(), style);
  return with_client(
      options.connection, style, [&](const llm::Client& client, Interrupt& interrupt) {
        const auto response = client.embed(*request, {.stop = interrupt.arm()});
        if (!response) return fail(response.error(), style);
        if (!options.json) warn_all(response->warnings);
        return print(options.json ? llm::to_json(*response) + '\n' : as_lines(*response), style);
      });
}

}  // namespace cli
