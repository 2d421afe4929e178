#pragma once

#include <array>
#include <span>

#include "cli/options/table.hpp"

/// The commands, each with what it is for and the options that it takes.
namespace cli {

using OptionList = std::span<const Option* const>;

template <typename... Options>
constexpr auto list_of(const Options&... options) {
  return std::array<const Option*, sizeof...(Options)>{&options...};
}

inline constexpr auto kHelpPart = list_of(kHelp);
inline constexpr auto kPromptPart = list_of(kPrompt, kSystem, kAttach, kTools);
inline constexpr auto kModelPart = list_of(kModel, kBaseModel);
inline constexpr auto kChatModelPart = list_of(kApi, kLint, kLintOff);
inline constexpr auto kServicePart =
    list_of(kProfile, kRegion, kEndpointUrl, kCatalogue, kProject, kLocal);
inline constexpr auto kDebugPart = list_of(kDebug);
inline constexpr auto kJsonPart = list_of(kJsonObject);

inline constexpr auto kChatPart =
    list_of(kTemperature, kMaxTokens, kReasoning, kTopP, kNoStream, kJsonResponse, kStreamJson);
inline constexpr auto kChatParts = std::to_array<OptionList>(
    {kPromptPart, kChatPart, kModelPart, kChatModelPart, kServicePart, kDebugPart, kHelpPart});

inline constexpr auto kCountParts = std::to_array<OptionList>(
    {kPromptPart, kModelPart, kChatModelPart, kServicePart, kJsonPart, kDebugPart, kHelpPart});

inline constexpr auto kEmbedPart =
    list_of(kTexts, kAttachImage, kInputType, kTruncate, kDimensions, kNoNormalize, kJsonResponse);
inline constexpr auto kEmbedParts =
    std::to_array<OptionList>({kEmbedPart, kModelPart, kServicePart, kDebugPart, kHelpPart});

inline constexpr auto kModelsPart = list_of(kFilter, kProvider, kCan, kOnline, kAll, kJsonArray);
inline constexpr auto kModelsParts =
    std::to_array<OptionList>({kModelsPart, kServicePart, kHelpPart});

inline constexpr auto kDoctorParts = std::to_array<OptionList>(
    {kModelPart, kChatModelPart, kServicePart, kJsonPart, kDebugPart, kHelpPart});

inline constexpr auto kLintPart =
    list_of(kRequestFile, kLintModel, kApi, kLintMode, kLintOff, kStream, kRules, kJsonObject);
inline constexpr auto kLintParts = std::to_array<OptionList>({kLintPart, kHelpPart});

inline constexpr auto kApiKeyPart = list_of(kExpires);
inline constexpr auto kApiKeyParts =
    std::to_array<OptionList>({kApiKeyPart, kServicePart, kHelpPart});

inline constexpr auto kLocalPart =
    list_of(kPort, kAddress, kScript, kCredentialsFile, kJournalBodies, kNoAuth, kModelAlias,
            kAnyRegion, kEndOfLife, kHeadDelay, kTls, kTlsCert, kTlsKey);
inline constexpr auto kLocalParts = std::to_array<OptionList>({kLocalPart, kHelpPart});

inline constexpr auto kCompletionPart = list_of(kShell);
inline constexpr auto kCompletionParts = std::to_array<OptionList>({kCompletionPart, kHelpPart});

inline constexpr CommandOptions kChat{
    .name = "chat",
    .summary = "send a prompt to a model (the word `chat` may be left out)",
    .description =
        "Send a prompt to a model and print its completion.\n"
        "The prompt is standard input, if it is piped in, followed by the words on the command "
        "line. On a terminal, a command without either starts a conversation.",
    .options = kChatParts};

inline constexpr CommandOptions kCount{
    .name = "count",
    .summary = "count the tokens of a prompt",
    .description =
        "Count the tokens of a prompt. The service does the counting; nothing is generated or "
        "billed. It supports some models only, Claude among them.",
    .options = kCountParts};

inline constexpr CommandOptions kEmbed{
    .name = "embed",
    .summary = "turn texts and images into vectors",
    .description = "Turn each text or image into a vector. Prints one vector per line, as JSON.",
    .options = kEmbedParts,
    .mode = "embedding"};

inline constexpr CommandOptions kModels{
    .name = "models",
    .summary = "list models",
    .description =
        "List models: the id to call from a region, context and output limits, price per million "
        "tokens, lifecycle status, capabilities. Uses the built-in catalogue; --online combines it "
        "with the service's own lists.",
    .options = kModelsParts};

inline constexpr CommandOptions kDoctor{
    .name = "doctor",
    .summary = "check credentials, region, endpoint and model",
    .description =
        "Show which credentials, region and endpoint are used and why, and check whether the model "
        "can be called, with and without streaming. Sends at most two requests, which Bedrock "
        "rejects without billing. Exits with the code that a chat would.",
    .options = kDoctorParts};

inline constexpr CommandOptions kLintCommand{
    .name = "lint",
    .summary = "find what Bedrock would refuse in a request, offline",
    .description =
        "Find what Amazon Bedrock would refuse in a request, offline and without an account. The "
        "request is JSON, as docs/json.md describes it. Exits with 0 if it is clean, else with 4.",
    .options = kLintParts};

inline constexpr CommandOptions kApiKey{
    .name = "api-key",
    .summary = "make a short-term API key from credentials",
    .description =
        "Make a short-term Bedrock API key from AWS credentials and print it. It works for one "
        "region and needs no network.",
    .options = kApiKeyParts};

inline constexpr CommandOptions kLocalCommand{
    .name = "local",
    .summary = "run a local Bedrock",
    .description =
        "Run a strict local Bedrock until Ctrl-C. Its access key id and secret access key are both "
        "`local`.",
    .options = kLocalParts};

inline constexpr CommandOptions kCompletion{
    .name = "completion",
    .summary = "print what completes the command in a shell",
    .description =
        "Print the script with which a shell completes commands, options, model ids and profiles. "
        "Packages install it; without one, add `eval \"$(bedrock completion bash)\"` to the "
        "shell's own start file, or `bedrock completion fish | source`.",
    .options = kCompletionParts};

/// Every command, in the order of `bedrock --help`.
inline constexpr auto kAllCommands =
    std::to_array<const CommandOptions*>({&kChat, &kCount, &kEmbed, &kModels, &kDoctor,
                                          &kLintCommand, &kApiKey, &kLocalCommand, &kCompletion});

}  // namespace cli
