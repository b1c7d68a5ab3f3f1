#include "sim/base/fields.h"

#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

using namespace trustfall;

namespace {

struct One {
  int a;
};

struct Mixed {
  std::string name;
  std::array<std::optional<double>, 3> shares{};
  std::vector<One> ones;
  One inner;
  bool flag = true;
};

struct Sixteen {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
};

}  // namespace

TEST_CASE("The fields of a struct come in their order, each once, whatever they are") {
  Mixed mixed{"x", {}, {{1}}, {7}};
  STATIC_REQUIRE(
      std::is_same_v<decltype(fields(mixed)), std::tuple<std::string&, std::array<std::optional<double>, 3>&,
                                                         std::vector<One>&, One&, bool&>>);
  std::get<4>(fields(mixed)) = false;
  CHECK_FALSE(mixed.flag);
  CHECK(&std::get<3>(fields(mixed)) == &mixed.inner);

  const One one{3};
  STATIC_REQUIRE(std::is_same_v<decltype(fields(one)), std::tuple<const int&>>);
  CHECK(std::get<0>(fields(one)) == 3);

  Sixteen sixteen{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  STATIC_REQUIRE(std::tuple_size_v<decltype(fields(sixteen))> == 16);
  CHECK(std::get<15>(fields(sixteen)) == 16);
}
