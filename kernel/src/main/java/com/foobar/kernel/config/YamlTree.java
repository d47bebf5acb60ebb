package com.foobar.kernel.config;

import com.foobar.kernel.config.Tree.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.Event.ID;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * YAML to nodes, straight from the parser's events: every scalar stays the text it was written as ({@code no} and
 * {@code 1.10} too), no tag is obeyed and no alias followed, so nothing in a file can grow or run.
 */
final class YamlTree {
    /** Deeper than any topology, shallow enough for recursion on the smallest stack. */
    private static final int DEEPEST = 24;

    private final ParserImpl events;
    private final Findings findings;
    private final Function<Mark, Origin> origins;

    private YamlTree(String content, Findings findings, Function<Mark, Origin> origins) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Text.MOST_BYTES);
        this.events = new ParserImpl(new StreamReader(content), options);
        this.findings = findings;
        this.origins = origins;
    }

    /** Nothing more can be made of this text; the complaint has been reported. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable() {
            super(null, null, false, false);
        }
    }

    /** The tree of a file, or null when the complaints say why there is none. */
    static @Nullable ImmutableNode read(Text text, Findings findings) {
        Origin top = new Origin.File(text.name(), 1);
        String content = text.content();
        if (content.startsWith("\uFEFF")) {
            content = content.substring(1);
        }
        if (content.length() > Text.MOST_BYTES) {
            findings.error(top, "", "the text is larger than " + Text.MOST_BYTES + " bytes");
            return null;
        }
        Function<Mark, Origin> origins = mark -> new Origin.File(text.name(), mark.getLine() + 1);
        ImmutableNode root = read(KeyPath.ROOT, content, findings, origins, top);
        if (root == null) {
            return null;
        }
        if (Tree.kind(root) == Kind.NOTHING) {
            findings.error(top, "", "the file is empty, expected keys such as \"site: www.example.com\"");
            return null;
        }
        if (Tree.kind(root) != Kind.MAP) {
            findings.error(Tree.origin(root), "", "expected \"key: value\" lines at the top of the file");
            return null;
        }
        return root;
    }

    /** The tree of a value given as {@code [a, b]} or {@code {a: b}} on the command line. */
    static @Nullable ImmutableNode flow(KeyPath path, String content, Origin origin, Findings findings) {
        return read(path, content, findings, mark -> origin, origin);
    }

    private static @Nullable ImmutableNode read(
            KeyPath path, String content, Findings findings, Function<Mark, Origin> origins, Origin top) {
        try {
            return new YamlTree(content, findings, origins).document(path, top);
        } catch (MarkedYAMLException syntax) {
            Mark mark = syntax.getProblemMark();
            findings.error(mark == null ? top : origins.apply(mark), path.text(), YamlComplaint.of(syntax));
        } catch (ReaderException character) {
            Mark mark = mark(content, character.getPosition());
            findings.error(origins.apply(mark), path.text(), YamlComplaint.of(character, mark.getColumn() + 1));
        } catch (Unusable reported) {
            return null;
        }
        return null;
    }

    private static Mark mark(String content, int position) {
        String before = content.substring(0, Math.min(position, content.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        return new Mark("", position, line, before.length() - before.lastIndexOf('\n') - 1, new int[0], 0);
    }

    private ImmutableNode document(KeyPath path, Origin top) throws Unusable {
        events.getEvent();
        if (events.checkEvent(ID.StreamEnd)) {
            return Tree.nothing(path.last(), top);
        }
        events.getEvent();
        Event first = events.getEvent();
        ImmutableNode root = node(path, first, origins.apply(first.getStartMark()));
        events.getEvent();
        if (!events.checkEvent(ID.StreamEnd)) {
            Mark second = events.peekEvent().getStartMark();
            findings.error(origins.apply(second), path.text(), "a second document begins here, expected only one");
            throw new Unusable();
        }
        return root;
    }

    private ImmutableNode node(KeyPath path, Event event, Origin origin) throws Unusable {
        Origin here = origins.apply(event.getStartMark());
        if (path.parts().size() > DEEPEST) {
            findings.error(here, "", "nested deeper than " + DEEPEST + " levels");
            throw new Unusable();
        }
        if (event instanceof AliasEvent) {
            findings.error(here, path.text(), "aliases (*name) are not supported; quote a value that begins with *");
            // Not NOTHING: a second complaint about a missing value would mislead.
            throw new Unusable();
        }
        refuseDecoration(path, event, here);
        if (event instanceof ScalarEvent scalar) {
            boolean missing = scalar.isPlain() && scalar.getValue().isEmpty();
            return missing ? Tree.nothing(path.last(), origin) : Tree.scalar(path.last(), origin, scalar.getValue());
        }
        return event.is(ID.SequenceStart) ? list(path, origin) : map(path, origin);
    }

    private void refuseDecoration(KeyPath path, Event event, Origin here) {
        // Neither the anchor's name nor the tag is shown: in front of a secret they may be the secret's first half.
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
            findings.error(here, path.text(), "anchors (&name) are not supported; quote a value that begins with &");
        }
        String tag = null;
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
        } else if (event instanceof CollectionStartEvent collection) {
            tag = collection.getTag();
        }
        // The parser gives a quoted scalar the tag "!" of its own accord.
        if (tag != null && !tag.equals("!")) {
            findings.error(here, path.text(), "tags (!name) are not supported; quote a value that begins with !");
        }
    }

    private ImmutableNode list(KeyPath path, Origin origin) throws Unusable {
        List<ImmutableNode> items = new ArrayList<>();
        while (!events.checkEvent(ID.SequenceEnd)) {
            Event item = events.getEvent();
            items.add(node(path.item(items.size()), item, origins.apply(item.getStartMark())));
        }
        events.getEvent();
        return Tree.branch(path.last(), Kind.LIST, origin, items);
    }

    private ImmutableNode map(KeyPath path, Origin origin) throws Unusable {
        List<ImmutableNode> children = new ArrayList<>();
        Map<String, Origin> seen = new HashMap<>();
        while (!events.checkEvent(ID.MappingEnd)) {
            Event key = events.getEvent();
            Origin here = origins.apply(key.getStartMark());
            if (!(key instanceof ScalarEvent name)) {
                findings.error(
                        here, path.text(), "expected a key that is plain text, met a list, a section or an alias");
                throw new Unusable();
            }
            KeyPath child = path.child(name.getValue());
            refuseDecoration(child, key, here);
            ImmutableNode node = node(child, events.getEvent(), here);
            Origin first = seen.putIfAbsent(name.getValue(), here);
            if (first == null) {
                children.add(node);
            } else {
                String place = first instanceof Origin.File file ? "on line " + file.line() : "before";
                findings.error(here, child.text(), "given twice, first " + place);
            }
        }
        events.getEvent();
        return Tree.branch(path.last(), Kind.MAP, origin, children);
    }
}
