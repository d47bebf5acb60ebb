package com.foobar.kernel.config;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * What the YAML parser dislikes, as a sentence with a cure. The parser's own message is never passed on: it quotes the
 * line, and on the line may stand a password.
 */
final class YamlComplaint {
    private YamlComplaint() {}

    static String of(MarkedYAMLException syntax) {
        Mark mark = syntax.getProblemMark();
        String column = mark == null ? "" : "column " + (mark.getColumn() + 1) + ": ";
        String problem = String.valueOf(syntax.getProblem());
        return column + sentence(problem, String.valueOf(syntax.getContext()));
    }

    static String of(ReaderException character, int column) {
        return "column " + column + ": "
                + String.format("the character U+%04X is not text; is this a binary file?", character.getCodePoint());
    }

    private static String sentence(String problem, String context) {
        if (problem.contains("\\t(TAB)")) {
            return "a tab; YAML is indented with spaces only";
        }
        if (problem.contains("cannot start any token")) {
            return "a value cannot begin with this character; put it in quotes";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a \":\" is not allowed here; is the indentation right, or does the value need quotes?";
        }
        if (problem.contains("could not find expected ':'")) {
            return "expected \"key: value\", the \":\" and a space behind it are missing";
        }
        if (problem.contains("sequence entries are not allowed")) {
            return "a list item \"- \" is not allowed here; begin it on its own line";
        }
        if (problem.contains("escape")) {
            return "unknown \\ escape in double quotes; use single quotes to keep a \\ as it is";
        }
        if (problem.contains("',' or ']'") || context.contains("flow sequence")) {
            return "the list begun with \"[\" is not closed with \"]\", or a comma is missing";
        }
        if (problem.contains("',' or '}'") || context.contains("flow mapping")) {
            return "the section begun with \"{\" is not closed with \"}\", or a comma is missing";
        }
        if (problem.contains("end of stream") || problem.contains("document separator")) {
            return "the text ends inside quotes; a closing quote is missing further up";
        }
        if (problem.contains("<block end>")) {
            return "the indentation fits no line above; keys of one section begin in the same column";
        }
        return problem.contains("tag") || context.contains("tag")
                ? "tags (!name) are not supported; quote a value that begins with !"
                : "not valid YAML; a value with special characters needs quotes";
    }
}
