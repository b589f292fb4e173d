#include "platform/name_list.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using paymentctl::FileType;
using paymentctl::NameList;

TEST_CASE("Names are kept whole and sorted by their bytes") {
  std::vector<std::string> given;
  for (int i = 0; i < 1000; ++i) given.push_back(std::to_string(i * 7919 % 1000) + ".eml");
  given.insert(given.end(), {"Ž.eml", "a", "B", "aa", "", "žluťoučký kůň.eml"});
  NameList names;
  for (const std::string& name : given) names.push_back(name, std::nullopt);
  names.sort();
  std::sort(given.begin(), given.end());
  REQUIRE(names.size() == given.size());
  for (std::size_t i = 0; i < given.size(); ++i) CHECK(names[i] == given[i]);
}

TEST_CASE("What a folder said of a name stays with it when names are sorted") {
  NameList names;
  names.push_back("c", FileType::folder);
  names.push_back("b", std::nullopt);
  names.push_back("a", FileType::regular);
  names.sort();
  CHECK(names.type(0) == FileType::regular);
  CHECK_FALSE(names.type(1));
  CHECK(names.type(2) == FileType::folder);
}
