#include "platform/answers.hpp"

#include <cstdio>

#include "platform/keyboard.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_line = 4096;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

struct Answers::Terminal {
  Keyboard keyboard;
};

Answers::Answers() {
  if (Keyboard::is_there()) terminal_ = std::make_unique<Terminal>();
}
Answers::~Answers() = default;

bool Answers::from_terminal() const { return terminal_ != nullptr; }

std::optional<Answer> Answers::next() {
  if (terminal_) {
    constexpr char control_c = 3;
    constexpr char control_d = 4;
    const auto key = terminal_->keyboard.key();
    if (!key || *key == control_c || *key == control_d) return std::nullopt;
    return Answer{*key, {}};
  }
  const auto text = line();
  if (!text) return std::nullopt;
  if (text->empty()) return Answer{};
  return Answer{text->front(), trimmed(text->substr(1))};
}

std::optional<std::string> Answers::line() {
  std::string text;
  for (int byte = std::fgetc(stdin); byte != '\n'; byte = std::fgetc(stdin)) {
    if (byte == EOF) {
      if (text.empty()) return std::nullopt;
      break;
    }
    if (text.size() < longest_line) text.push_back(static_cast<char>(byte));
  }
  return trimmed(text);
}

}  // namespace paymentctl
