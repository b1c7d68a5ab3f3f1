# Writes TEMPLATE's bytes as C++ into OUT, so that the program needs no file beside it.
#   cmake -DTEMPLATE=page/template.html -DOUT=page_template.cpp -P page_template.cmake
file(READ ${TEMPLATE} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "#include \"viz_export/page_template.h\"

namespace trustfall {
namespace {
constexpr unsigned char bytes[] = {
${bytes}};
}  // namespace

std::string_view page_template() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }

}  // namespace trustfall
")
