"""Pages in Markdown from Doxygen's XML of the public headers: one a header."""
import re
import xml.etree.ElementTree as ElementTree

ORDER = {"class": 0, "struct": 0, "enum": 1, "typedef": 2, "variable": 3, "function": 4}


def text_of(element):
    return "".join(element.itertext()) if element is not None else ""


def markdown_of(element):
    """A description as Markdown; Doxygen's own marks become code, lists and paragraphs."""
    if element is None:
        return ""
    parts = [escaped(element.text)]
    for child in element:
        if child.tag == "computeroutput":
            parts.append(f"`{text_of(child)}`")
        elif child.tag == "listitem":
            parts.append("\n- " + " ".join(markdown_of(child).split()))
        elif child.tag in ("para", "itemizedlist"):
            parts.append("\n\n" + markdown_of(child).strip() + "\n\n")
        elif child.tag in ("programlisting", "verbatim"):
            parts.append(f"\n\n```cpp\n{text_of(child).rstrip()}\n```\n\n")
        else:
            parts.append(markdown_of(child))
        parts.append(escaped(child.tail))
    return re.sub(r"\n{3,}", "\n\n", "".join(parts))


def escaped(text):
    return re.sub(r"([<>*_\[\]])", r"\\\1", text or "")


def description(element):
    whole = markdown_of(element.find("briefdescription")) + "\n\n" + markdown_of(element.find("detaileddescription"))
    return re.sub(r"\n{3,}", "\n\n", whole).strip()


def declaration(member, indent=""):
    kind = member.get("kind")
    name = member.findtext("name")
    if kind == "enum":
        values = [f"{indent}  {value.findtext('name')},{comment(value)}" for value in member.findall("enumvalue")]
        return f"{indent}enum class {name} {{\n" + "\n".join(values) + f"\n{indent}}};"
    if kind == "typedef":
        return f"{indent}using {name} = {text_of(member.find('type'))};"
    if kind == "friend":
        return None
    head = ""
    if member.find("templateparamlist") is not None:
        parameters = ", ".join(
            " ".join(filter(None, (text_of(entry.find("type")), text_of(entry.find("declname")))))
            for entry in member.find("templateparamlist").findall("param"))
        head = f"{indent}template <{parameters}>\n"
    words = [word for word, is_set in (("static", member.get("static") == "yes"), ("explicit", member.get("explicit") == "yes"))
             if is_set]
    if "virtual" in (member.get("virt") or "") and member.get("virt") != "non-virtual":
        words.append("virtual")
    shown = re.sub(r"\[\[nodiscard\]\] ?|inline ", "", text_of(member.find("type")))
    initial = text_of(member.find("initializer")) if kind == "variable" else ""
    arguments = re.sub(r" ?=(delete|default)$", r" = \1", member.findtext("argsstring") or "")
    initial = " " + initial if initial.startswith("=") else initial
    line = " ".join(filter(None, [*words, shown, name])) + arguments + initial + ";"
    line = re.sub(r"< (?=\S)", "<", re.sub(r"(?<=\S) >", ">", line)).replace("=0;", "= 0;")
    return head + indent + re.sub(r"(?<=\w) ([&*])(?=\w)", r"\1 ", line)


def comment(element):
    return f"  // {' '.join((text_of(element.find('briefdescription')) + ' ' + text_of(element.find('detaileddescription'))).split())}" \
        if text_of(element.find("briefdescription")).strip() or text_of(element.find("detaileddescription")).strip() else ""


def code(text):
    return f"```cpp\n{text}\n```\n"


def compound_page(compound):
    """A class: its data as one listing with comments, its functions one by one."""
    name = compound.findtext("compoundname")
    lines = [f"## {compound.get('kind')} {name}".replace("<", "&lt;"), description(compound)]
    members = [member for section in compound.findall("sectiondef") for member in section.findall("memberdef")
               if member.get("prot") == "public"]
    data = [member for member in members if member.get("kind") in ("variable", "enum", "typedef")]
    if data:
        lines.append(code("\n".join(declaration(member) + ("" if member.get("kind") == "enum" else comment(member))
                                    for member in data)))
    for member in members:
        is_function = member.get("kind") == "function" and not member.findtext("name").startswith("~")
        shown = declaration(member) if is_function else None
        if shown:
            lines.append(code(shown) + "\n" + description(member))
    return "\n\n".join(line for line in lines if line)


def pages(xml):
    """By header (`client.hpp`, `bedrock/lint.hpp`): its page."""
    found = {}

    def add(element, rank, text):
        header = element.find("location").get("file").removeprefix("llm/")
        line = int(element.find("location").get("line"))
        found.setdefault(header, []).append((rank, line, text))

    for file in sorted(xml.glob("*.xml")):
        for compound in ElementTree.parse(file).getroot().findall("compounddef"):
            kind = compound.get("kind")
            name = compound.findtext("compoundname") or ""
            if re.search(r"::[a-z_]*_parts\b|::loop\b", name) or compound.get("prot") == "private":
                continue
            if kind in ("class", "struct"):
                page = compound_page(compound)
                if "\n" in page:  # not a mere declaration
                    add(compound, 0, page)
            elif kind == "namespace":
                for member in compound.iter("memberdef"):
                    shown = declaration(member)
                    if shown and member.get("kind") in ORDER:
                        heading = f"## {name}::{member.findtext('name')}"
                        add(member, ORDER[member.get("kind")], f"{heading}\n\n{code(shown)}\n{description(member)}")
    return {header: f"# <llm/{header}>\n\n".replace("<", "&lt;").replace(">", "&gt;")
            + f"```cpp\n#include <llm/{header}>\n```\n\n"
            + "\n\n".join(text for _, _, text in sorted(entries)) + "\n"
            for header, entries in found.items()}
