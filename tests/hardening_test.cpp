// Reads the built binaries: what the linker and the compiler were told to do against exploits is
// there.

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/row_name.hpp"

namespace {

/// A 64-bit ELF file.
class Binary {
 public:
  explicit Binary(const std::string& path) {
    bytes_.resize(std::filesystem::file_size(path));
    std::ifstream(path, std::ios::binary)
        .read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    header_ = at<Elf64_Ehdr>(0);
    for (std::size_t i = 0; i < header_.e_phnum; ++i) {
      segments_.push_back(at<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr)));
    }
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      sections_.push_back(at<Elf64_Shdr>(header_.e_shoff + i * sizeof(Elf64_Shdr)));
    }
  }

  [[nodiscard]] bool is_position_independent() const { return header_.e_type == ET_DYN; }

  /// The first segment of that type, or an empty one.
  [[nodiscard]] Elf64_Phdr segment(Elf64_Word type) const {
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type == type) return segment;
    }
    return {};
  }

  /// The value of a dynamic tag; 0 when it is missing.
  [[nodiscard]] Elf64_Xword dynamic(Elf64_Sxword tag) const {
    const Elf64_Phdr table = segment(PT_DYNAMIC);
    for (Elf64_Off offset = 0; offset < table.p_filesz; offset += sizeof(Elf64_Dyn)) {
      const auto entry = at<Elf64_Dyn>(table.p_offset + offset);
      if (entry.d_tag == tag) return entry.d_un.d_val;
    }
    return 0;
  }

  /// A symbol of a section of type SHT_SYMTAB or SHT_DYNSYM.
  struct Symbol {
    std::string_view name;
    bool is_function = false;
    bool is_defined = false;
    Elf64_Addr address = 0;
  };

  [[nodiscard]] std::vector<Symbol> symbols(Elf64_Word type) const {
    std::vector<Symbol> found;
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type != type) continue;
      const Elf64_Off names = sections_.at(section.sh_link).sh_offset;
      for (Elf64_Off offset = 0; offset < section.sh_size; offset += sizeof(Elf64_Sym)) {
        const auto symbol = at<Elf64_Sym>(section.sh_offset + offset);
        found.push_back({.name = bytes_.data() + names + symbol.st_name,
                         .is_function = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC,
                         .is_defined = symbol.st_shndx != SHN_UNDEF,
                         .address = symbol.st_value});
      }
    }
    return found;
  }

  /// Whether the code at an address begins with ENDBR64, the only target that CET allows.
  [[nodiscard]] bool has_landing_pad(Elf64_Addr address) const {
    for (const Elf64_Phdr& segment : segments_) {
      const bool is_inside = segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
                             address < segment.p_vaddr + segment.p_filesz;
      if (!is_inside) continue;
      const Elf64_Off offset = segment.p_offset + address - segment.p_vaddr;
      return std::string_view(bytes_).substr(offset, 4) == "\xF3\x0F\x1E\xFA";
    }
    return false;
  }

 private:
  template <typename T>
  [[nodiscard]] T at(std::size_t offset) const {
    T value{};
    std::memcpy(&value, bytes_.substr(offset, sizeof value).data(), sizeof value);
    return value;
  }

  std::string bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Shdr> sections_;
};

bool imports(const Binary& binary, std::string_view suffix) {
  for (const Binary::Symbol& symbol : binary.symbols(SHT_DYNSYM)) {
    if (!symbol.is_defined && symbol.name.ends_with(suffix)) return true;
  }
  return false;
}

struct BinaryCase {
  std::string_view name;
  const char* path;

  friend void PrintTo(const BinaryCase& row, std::ostream* out) { *out << row.name; }
};

class HardeningTest : public ::testing::TestWithParam<BinaryCase> {
 protected:
  void SetUp() override {
    if (!BEDROCK_HARDENED) GTEST_SKIP() << "Only optimised builds without sanitizers are hardened.";
  }

  Binary binary_{GetParam().path};
};

TEST_P(HardeningTest, is_loaded_anywhere_with_nothing_writable_that_need_not_be) {
  EXPECT_TRUE(binary_.is_position_independent());
  EXPECT_NE(binary_.segment(PT_GNU_RELRO).p_memsz, 0U) << "RELRO is missing";
  EXPECT_NE(binary_.dynamic(DT_FLAGS) & DF_BIND_NOW, 0U) << "RELRO is not full";
  EXPECT_NE(binary_.dynamic(DT_FLAGS_1) & DF_1_NOW, 0U);
  EXPECT_EQ(binary_.segment(PT_GNU_STACK).p_type, Elf64_Word{PT_GNU_STACK});
  EXPECT_EQ(binary_.segment(PT_GNU_STACK).p_flags & PF_X, 0U) << "the stack is executable";
}

TEST_P(HardeningTest, checks_its_stack_and_its_buffers) {
  EXPECT_TRUE(imports(binary_, "__stack_chk_fail"));
  EXPECT_TRUE(imports(binary_, "_chk")) << "no function of _FORTIFY_SOURCE is used";
}

#if defined(__x86_64__)
TEST_P(HardeningTest, has_landing_pads_for_indirect_calls) {
  int functions = 0;
  int without = 0;
  // Of a program its own names; of the library those that it exports.
  for (const Elf64_Word table : {Elf64_Word{SHT_SYMTAB}, Elf64_Word{SHT_DYNSYM}}) {
    for (const Binary::Symbol& symbol : binary_.symbols(table)) {
      const bool is_ours = symbol.name.starts_with("_ZN3llm") || symbol.name.starts_with("_ZN3cli");
      // A part that the compiler moved away from its function is only jumped to.
      const bool is_part = symbol.name.find(".cold") != std::string_view::npos ||
                           symbol.name.find(".part") != std::string_view::npos ||
                           symbol.name.find(".constprop") != std::string_view::npos ||
                           symbol.name.find(".isra") != std::string_view::npos;
      if (!is_ours || is_part || !symbol.is_function || !symbol.is_defined) continue;
      ++functions;
      if (!binary_.has_landing_pad(symbol.address)) ++without;
    }
  }
  EXPECT_GT(functions, 50);
  // What is never called through a pointer needs none, and the compiler may know that.
  EXPECT_LT(without, functions / 2);
}
#endif

constexpr BinaryCase kBinaries[] = {{"command", BEDROCK_COMMAND},
                                    {"shared library", BEDROCK_SHARED_LIBRARY}};

INSTANTIATE_TEST_SUITE_P(Built, HardeningTest, ::testing::ValuesIn(kBinaries), [](const auto& row) {
  return llm::test_support::row_name(row.index, row.param.name);
});

}  // namespace
