#include "import/xml_parts.hpp"

#include <algorithm>

namespace paymentctl {
namespace {

constexpr std::size_t most_nodes = 500'000;
constexpr std::size_t most_bytes = 64U << 20U;

class PartReader : public XmlListener {
 public:
  explicit PartReader(const XmlParts& parts) : parts_(parts) {}

  void begin(const XmlElement& element) override {
    if (open_.empty()) {
      if (element.path == parts_.whole) {
        inside_ = true;
        parts_.begin(element.line);
        return;
      }
      if (!inside_) return;
      part_ = XmlNode();
      nodes_ = 0;
      bytes_ = 0;
      open_.push_back(&part_);
    } else {
      // Only the last child of an open element grows, so the pointers to it hold.
      open_.push_back(&open_.back()->children.emplace_back());
    }
    if (++nodes_ > most_nodes) throw XmlError(element.line, "the element holds too many others");
    XmlNode& node = *open_.back();
    node.name = element.name;
    node.line = element.line;
    for (const char* const* each = element.attributes; each != nullptr && *each != nullptr;
         each += 2) {
      node.attributes.emplace_back(each[0], each[1]);
      count(node.attributes.back().first.size() + node.attributes.back().second.size(), node.line);
    }
  }

  void end(std::string_view path, std::string_view text, int line) override {
    if (open_.empty()) {
      if (path != parts_.whole) return;
      inside_ = false;
      parts_.end(line);
      return;
    }
    count(text.size(), line);
    open_.back()->text = text;
    open_.pop_back();
    if (open_.empty()) parts_.take(part_);
  }

 private:
  void count(std::size_t size, int line) {
    bytes_ += size;
    if (bytes_ > most_bytes) throw XmlError(line, "the element is longer than 64 MiB");
  }

  const XmlParts& parts_;
  bool inside_ = false;
  XmlNode part_;
  std::vector<XmlNode*> open_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

const XmlNode* XmlNode::find(std::string_view path) const {
  const XmlNode* node = this;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view wanted = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    const auto child = std::find_if(node->children.begin(), node->children.end(),
                                    [&wanted](const XmlNode& each) { return each.name == wanted; });
    if (child == node->children.end()) return nullptr;
    node = &*child;
  }
  return node;
}

std::string_view XmlNode::text_at(std::string_view path) const {
  const XmlNode* node = find(path);
  return node == nullptr ? std::string_view() : std::string_view(node->text);
}

std::string_view XmlNode::attribute(std::string_view wanted) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&wanted](const auto& each) { return each.first == wanted; });
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

void read_xml_parts(std::istream& input, const XmlParts& parts) {
  PartReader reader(parts);
  read_xml(input, reader);
}

}  // namespace paymentctl
