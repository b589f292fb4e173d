#pragma once

#include <string_view>

namespace paymentctl {

/// What the guard has to know of an element; several may hold.
enum ElementKind : unsigned {
  empty_element = 1u << 0,       ///< never has an end tag
  formatting_element = 1u << 1,  ///< is opened anew in every block until it is closed
  refused_element = 1u << 2,     ///< changes how what follows is read, and is in no bank's mail
  raw_text_element = 1u << 3,    ///< only its own end tag is markup in it
  table_element = 1u << 4,       ///< a table or a part of one
  scope_element = 1u << 5,       ///< end tags of what is around it do not reach through it
  block_element = 1u << 6,       ///< ends a paragraph
};

/// Which of them an element is, by its name in lower case; 0 for none and for an unknown one.
unsigned element_kinds(std::string_view name);

}  // namespace paymentctl
