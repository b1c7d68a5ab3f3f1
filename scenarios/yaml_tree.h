#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.h"

namespace trustfall {

constexpr int deepest = 32;  // levels of nesting; a scenario has nine

/// A part of a file: what its text says, whatever it means. In a section `keys[i]` names `parts[i]`; a list has parts
/// alone.
struct Node {
  enum class Kind {
    text,
    list,
    section,
    empty,    // a key with nothing behind it
    removed,  // by a setting: counts as never said
    broken    // reported already, nothing to read
  };
  Kind kind = Kind::empty;
  Place place = {};  // of the text, or of the bracket or the first key
  std::string text = {};
  bool plain = true;  // written without quotes
  std::vector<Node> keys = {};
  std::vector<Node> parts = {};

  bool is(Kind other) const { return kind == other; }

  /// The index of the key in a section; the number of keys when it has no such key.
  std::size_t index_of(const std::string& key) const;

  /// The part of a section that the key names, or null.
  const Node* find(const std::string& key) const;
};

/// The node as it would be written in one line.
std::string flow_text(const Node& node);

/// What the node is, as the end of a message: `; found a list`.
std::string found(const Node& node);

/// A mistake in the YAML itself.
struct TreeMistake {
  Place place;
  std::string message;
};

/// The tree of a text; the root is broken when nothing in it can be trusted.
struct Tree {
  Node root;
  std::vector<TreeMistake> mistakes;
};

/// Reads YAML, of which anchors, aliases, tags and second documents are refused.
Tree parse_yaml(const std::vector<std::string>& lines);

/// Takes the text for what it is, colons and all; what is not text is refused.
Tree take_as_text(const std::string& text);

/// The lines of a text, which may end in any way; without the mark that some editors put first.
std::vector<std::string> lines_of(std::string text);

/// Characters in UTF-8, which columns count.
int count_characters(std::string_view text);

}  // namespace trustfall
