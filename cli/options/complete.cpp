#include "cli/options/complete.hpp"

#include <algorithm>

#include "cli/options/command_table.hpp"

namespace cli {
namespace {

/// Completes one command line.
class Completer {
 public:
  Completer(std::span<const std::string> words, const Names& names)
      : words_(words), last_(words.empty() ? std::string() : words.back()), names_(names) {
    if (!words_.empty()) words_ = words_.first(words_.size() - 1);
  }

  Completion complete() {
    if (words_.empty()) {
      for (const CommandOptions* const command : kAllCommands) {
        offer({}, {std::string(command->name), std::string(command->summary)});
      }
    } else {
      find_command();
    }
    if (read_words()) return std::move(completion_);
    if (!only_words_ && last_.starts_with('-')) {
      complete_option();
    } else if (const Option* const positional = positional_of(*command_)) {
      complete_value(*positional, {});
    }
    return std::move(completion_);
  }

 private:
  void find_command() {
    for (const CommandOptions* const command : kAllCommands) {
      if (command->name != words_.front()) continue;
      command_ = command;
      words_ = words_.subspan(1);
      return;
    }
  }

  /// Reads the words before the last. True if the last is the value of an option, completed.
  bool read_words() {
    for (std::size_t at = 0; at < words_.size(); ++at) {
      if (words_[at] == "--") {
        only_words_ = true;
        return false;
      }
      const Option* const option = find_option(*command_, words_[at]);
      if (option == nullptr) continue;
      given_.push_back(option);
      if (option->is_flag()) continue;
      if (++at == words_.size()) {
        complete_value(*option, {});
        return true;
      }
    }
    return false;
  }

  /// The name of an option, or what follows `--name=`.
  void complete_option() {
    if (const std::size_t equals = last_.find('='); equals != std::string::npos) {
      const Option* const option = find_option(*command_, last_.substr(0, equals));
      if (option != nullptr && !option->is_flag()) {
        complete_value(*option, last_.substr(0, equals + 1));
      }
      return;
    }
    for_each_option(*command_, [&](const Option& option) {
      if (option.is_positional()) return;
      const bool is_given = std::ranges::find(given_, &option) != given_.end();
      if (is_given && !option.may_repeat) return;
      const std::string_view name = last_ == option.short_form ? option.short_form : option.name;
      offer({}, {std::string(name), std::string(option.help)});
    });
  }

  /// `before` is the part of the last word that is not the value.
  void complete_value(const Option& option, std::string before) {
    if (option.completes == Completes::file) completion_.files = true;
    if (option.is_list) {
      const std::size_t comma = last_.rfind(',');
      if (comma != std::string::npos) before = last_.substr(0, comma + 1);
    }
    for (const std::string_view word : option.words) offer(before, {std::string(word), {}});
    if (option.completes == Completes::nothing || completion_.files) return;
    for (Candidate& name : names_(option.completes, command_->mode)) {
      offer(before, std::move(name));
    }
  }

  void offer(const std::string& before, Candidate candidate) {
    candidate.word.insert(0, before);
    if (candidate.word.starts_with(last_)) completion_.candidates.push_back(std::move(candidate));
  }

  std::span<const std::string> words_;
  std::string last_;
  const Names& names_;
  const CommandOptions* command_ = &kChat;
  bool only_words_ = false;
  std::vector<const Option*> given_;
  Completion completion_;
};

constexpr std::string_view kBash = R"script(# Completion of the command bedrock for bash.
_bedrock() {
  local line=${COMP_LINE:0:COMP_POINT} what value help words last before=
  read -ra words <<<"$line"
  [[ $line == *[[:blank:]] ]] && words+=("")
  last=${words[${#words[@]} - 1]}
  # Readline takes what follows these characters for the word.
  [[ $COMP_WORDBREAKS == *:* && $last == *[:=]* ]] && before=${last%"${last##*[:=]}"}
  COMPREPLY=()
  {
    read -r what
    if [[ $what == files ]]; then
      compopt -o default
      return
    fi
    while IFS=$'\t' read -r value help; do
      printf -v value %q "$value"
      COMPREPLY+=("${value#"$before"}")
    done
  } < <(bedrock completion words -- "${words[@]:1}" 2>/dev/null)
}
complete -F _bedrock bedrock
)script";

constexpr std::string_view kZsh = R"script(#compdef bedrock
# Completion of the command bedrock for zsh.
_bedrock() {
  local -a lines candidates
  local line
  lines=("${(@f)$(bedrock completion words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == files ]]; then
    compset -P '*='
    _files
    return
  fi
  for line in "${(@)lines[2,-1]}"; do
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  (( $#candidates )) && _describe -V bedrock candidates
}
if [[ $funcstack[1] == _bedrock ]]; then
  _bedrock "$@"
else
  compdef _bedrock bedrock
fi
)script";

constexpr std::string_view kFish = R"script(# Completion of the command bedrock for fish.
function __bedrock_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l lines (bedrock completion words -- $words[2..-1] "$last" 2>/dev/null)
    if test "$lines[1]" = files
        set -l before (string match -r '^-[^=]*=' -- "$last")
        for path in (__fish_complete_path (string replace -r '^-[^=]*=' '' -- "$last"))
            printf '%s\n' "$before$path"
        end
    else
        printf '%s\n' $lines[2..-1]
    end
end
complete -c bedrock -f -k -a '(__bedrock_complete)'
)script";

}  // namespace

Completion complete(std::span<const std::string> words, const Names& names) {
  return Completer(words, names).complete();
}

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  return shell == "fish" ? kFish : std::string_view();
}

}  // namespace cli
