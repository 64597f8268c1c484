#!/usr/bin/env python3
"""Checks that src/ keeps to the table in src/README.md: which folder may include which, and which third-party library
each may name. Also that no file includes itself in a circle, and that files stay short. Runs in CTest.

    scripts/check_layers.py              checks src/; prints one line for each fault and exits 1 if there is one
    scripts/check_layers.py --self-test  checks that wrong includes are caught
"""

import pathlib
import re
import sys
import tempfile

# Lowest first. A folder may include itself and what is listed; "engine/messages.h" allows that header alone.
MAY_INCLUDE = {
    "base": [],
    "core": ["base"],
    "net": ["base", "core"],
    "data": ["base", "core"],
    "study": ["base", "core"],
    "report": ["base", "core", "study"],
    "engine": ["base", "core", "net", "data", "study", "report"],
    "gpu": ["base", "core"],
    "ui": ["base", "core", "study", "engine/messages.h"],
    "cli": ["base", "core", "net", "data", "study", "report", "engine"],
    "app": ["base", "core", "net", "data", "study", "report", "engine", "gpu", "ui"],
}

# Library: what its headers look like, and the files (below src/) that may name it.
LIBRARIES = {
    "spdlog": (r"spdlog/", ["base/*.cpp"]),
    "stb": (r"stb", ["core/image_io*.cpp", "core/png*.cpp"]),
    "libjpeg-turbo": (r"(jpeglib|jconfig|jerror|turbojpeg)\.h", ["core/image_io*.cpp", "core/jpeg*.cpp"]),
    "nlohmann-json": (r"nlohmann/(?!json_fwd)", ["*/*.cpp", "cli/output.h"]),
    "protozero": (r"protozero/", ["net/*.cpp"]),
    "LibTorch": (r"(torch|ATen|c10|caffe2)/", ["net/*.cpp", "net/torch.h"]),
    "SQLite": (r"sqlite3", ["data/*.cpp"]),
    "Cairo": (r"cairo", ["report/*.cpp"]),
    "Vulkan": (r"vulkan/|vk_", ["gpu/*", "app/*"]),
    "Dear ImGui": (r"im(gui|plot)", ["ui/*", "app/*"]),
    "GLFW": (r"GLFW/", ["app/*"]),
    "CLI11": (r"CLI/", ["cli/*", "app/*"]),
}
# These bring LibTorch along, so only .cpp files of their folder and each other may include them.
PRIVATE_HEADERS = {"net/torch.h", "net/network_impl.h", "net/objective.h", "net/parameterization.h", "net/transforms.h"}

STANDARD = re.compile(r"([a-z_0-9]+|nlohmann/json_fwd\.hpp)$")  # <vector>, <cmath>; and a header of declarations
SYSTEM = re.compile(r"(sys/|unistd|fcntl|sched|pthread|signal|time|errno|dlfcn|spawn|poll)")  # POSIX, in .cpp only
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LONG, TOO_LONG = 400, 600  # lines


def library_of(header):
    return next((name for name, (pattern, _) in LIBRARIES.items() if re.match(pattern, header)), None)


def may_include(file, header):
    """Whether src/<file> may include src/<header>; both are paths like 'net/graph.h'."""
    folder, other = file.split("/")[0], header.split("/")[0]
    if header in PRIVATE_HEADERS:
        return folder == other and (file.endswith(".cpp") or file in PRIVATE_HEADERS)
    return folder == other or other in MAY_INCLUDE[folder] or header in MAY_INCLUDE[folder]


def fault_of_include(file, bracket, header, files):
    """What is wrong with one #include of src/<file>, or None."""
    if bracket == '"':
        if re.fullmatch(r"[\w.]+\.inc", header):  # what the build generates, such as shaders
            return None
        if header not in files:
            return f'includes "{header}", which is not a file below src/ (write the path from src/, or <> for a library)'
        if not may_include(file, header):
            allowed = ", ".join(MAY_INCLUDE[file.split("/")[0]]) or "nothing else"
            return f'includes "{header}", but {file.split("/")[0]} may include only itself and: {allowed}'
        return None
    library = library_of(header)
    if library:
        allowed = LIBRARIES[library][1]
        if not any(pathlib.PurePath(file).match(pattern) for pattern in allowed):
            return f"includes <{header}>, but {library} may be named only in: {', '.join(allowed)}"
        return None
    if STANDARD.match(header) or (SYSTEM.match(header) and file.endswith(".cpp")):
        return None
    return f"includes <{header}>, which scripts/check_layers.py does not know: add its library to the table there"


def cycle_in(graph):
    """A list of files that include each other in a circle, or None."""
    done, path = set(), []

    def visit(file):
        if file in path:
            return path[path.index(file):] + [file]
        if file in done:
            return None
        path.append(file)
        for header in graph[file]:
            found = visit(header)
            if found:
                return found
        path.pop()
        done.add(file)
        return None

    return next((cycle for cycle in map(visit, graph) if cycle), None)


def check_links(folder, text):
    """Faults of src/<folder>/CMakeLists.txt: it must not link what the folder may not include."""
    allowed = {folder} | {name.split("/")[0] for name in MAY_INCLUDE[folder]}
    for other in re.findall(r"unitscope_(\w+)", re.sub(r"#.*", "", text)):
        other = "net" if other == "net_graph" else other
        if other in MAY_INCLUDE and other not in allowed:
            yield f"{folder}/CMakeLists.txt: links unitscope_{other}, but {folder} may not include {other}"


def check(src):
    """All faults of the tree below src, and the notes that are not faults."""
    files = {path.relative_to(src).as_posix(): path.read_text() for path in sorted(src.glob("*/*")) if path.is_file()}
    sources = {name: text for name, text in files.items() if name.endswith((".h", ".cpp"))}
    faults, notes = [], []
    graph = {}
    for file, text in sources.items():
        if file.split("/")[0] not in MAY_INCLUDE:
            faults.append(f"{file}: the folder is not in the table of scripts/check_layers.py")
            continue
        includes = INCLUDE.findall(text)
        graph[file] = [header for bracket, header in includes if bracket == '"' and header in sources]
        for bracket, header in includes:
            fault = fault_of_include(file, bracket, header, sources)
            if fault:
                faults.append(f"{file}: {fault}")
        lines = text.count("\n")
        if lines > LONG:
            (faults if lines > TOO_LONG else notes).append(f"{file}: {lines} lines; {LONG} is long, {TOO_LONG} too long")
    cycle = cycle_in({file: [header for header in headers if header in graph] for file, headers in graph.items()})
    if cycle:
        faults.append("these files include each other in a circle: " + " -> ".join(cycle))
    for folder in MAY_INCLUDE:
        faults.extend(check_links(folder, files.get(f"{folder}/CMakeLists.txt", "")))
    return faults, notes


def self_test():
    """Each of these small trees has exactly the fault that is named, the first has none."""
    trees = [
        ({"base/a.h": "#include <vector>\n", "core/b.cpp": '#include "base/a.h"\n#include <unistd.h>\n'}, None),
        ({"core/b.h": "", "base/a.h": '#include "core/b.h"\n'}, "base may include only itself"),
        ({"engine/engine.h": "", "ui/panel.cpp": '#include "engine/engine.h"\n'}, "ui may include only itself"),
        ({"engine/messages.h": "", "ui/panel.cpp": '#include "engine/messages.h"\n'}, None),
        ({"net/network.h": "#include <torch/torch.h>\n"}, "LibTorch may be named only in"),
        ({"net/network.cpp": "  #  include <torch/torch.h>\n"}, None),
        ({"net/torch.h": "#include <torch/torch.h>\n", "net/network.h": '#include "net/torch.h"\n'}, "net may include"),
        ({"core/a.h": "#include <nlohmann/json.hpp>\n"}, "nlohmann-json may be named only in"),
        ({"core/a.cpp": "#include <boost/any.hpp>\n"}, "does not know"),
        ({"core/a.cpp": '#include "a.h"\n'}, "not a file below src/"),
        ({"core/a.h": '#include "core/b.h"\n', "core/b.h": '#include "core/a.h"\n'}, "in a circle"),
        ({"core/a.cpp": "\n" * (TOO_LONG + 1)}, "too long"),
        ({"gpu/CMakeLists.txt": "target_link_libraries(unitscope_gpu PUBLIC unitscope_net)\n"}, "gpu may not include net"),
        ({"extra/a.h": ""}, "not in the table"),
    ]
    for tree, expected in trees:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
            faults, _ = check(pathlib.Path(folder))
        right = not faults if expected is None else len(faults) == 1 and expected in faults[0]
        if not right:
            sys.exit(f"check_layers self-test: of {tree}\nexpected: {expected}\ngot: {faults}")
    print(f"check_layers self-test: {len(trees)} trees, each judged rightly")


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        found, remarks = check(pathlib.Path(__file__).resolve().parent.parent / "src")
        print("\n".join([f"note: {remark}" for remark in remarks] + found) or "check_layers: src/ keeps to the table")
        sys.exit(1 if found else 0)
