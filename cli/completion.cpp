#include <fmt/format.h>

#include <iostream>

#include "cli/verbs.h"

namespace trustfall {
namespace {

std::vector<std::string> flags_of(const CLI::App& verb) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : verb.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string bash(const CLI::App& app) {
  std::vector<std::string> verbs;
  std::string cases;
  for (const CLI::App* verb : app.get_subcommands({})) {
    verbs.push_back(verb->get_name());
    cases += fmt::format("    {}) words=\"{}\" ;;\n", verb->get_name(), joined(flags_of(*verb)));
  }
  return fmt::format(R"(_trustfall() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{}  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _trustfall trustfall
)",
                     joined(verbs), cases);
}

std::string zsh(const CLI::App& app) {
  return "#compdef trustfall\nautoload -U +X bashcompinit && bashcompinit\n" + bash(app);
}

std::string fish(const CLI::App& app) {
  std::string text;
  for (const CLI::App* verb : app.get_subcommands({})) {
    text += fmt::format("complete -c trustfall -n __fish_use_subcommand -f -a {} -d '{}'\n", verb->get_name(),
                        verb->get_description());
    for (const CLI::Option* option : verb->get_options())
      for (const std::string& name : option->get_lnames())
        text +=
            fmt::format("complete -c trustfall -n '__fish_seen_subcommand_from {}' -l {} -d '{}'\n", verb->get_name(),
                        name, CLI::detail::find_and_replace(option->get_description(), "'", "\\'"));
  }
  return text;
}

}  // namespace

void add_completion(CLI::App& app, Action& action) {
  auto shell = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("completion", "Print completions for a shell.");
  verb->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->footer("Example:\n  source <(trustfall completion bash)");
  verb->callback([shell, &app, &action] {
    action = [shell, &app] {
      std::cout << (*shell == "bash" ? bash(app) : *shell == "zsh" ? zsh(app) : fish(app));
      return done;
    };
  });
}

}  // namespace trustfall
