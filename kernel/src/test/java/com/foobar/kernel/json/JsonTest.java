package com.foobar.kernel.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

    static Stream<Arguments> accepted() {
        return Stream.of(
                Arguments.of("null", null),
                Arguments.of(" \t\r\n true ", true),
                Arguments.of("false", false),
                Arguments.of("0", 0L),
                Arguments.of("-0", 0L),
                Arguments.of("-12", -12L),
                Arguments.of("9223372036854775807", Long.MAX_VALUE),
                Arguments.of("-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("1.5", 1.5),
                Arguments.of("1e3", 1000.0),
                Arguments.of("1E-2", 0.01),
                Arguments.of("1.0e+2", 100.0),
                Arguments.of("1e-400", 0.0),
                Arguments.of("\"\"", ""),
                Arguments.of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"),
                Arguments.of("\"\\u00e9\\u00E9é\"", "ééé"),
                Arguments.of("\"\\ud83d\\ude00😀\"", "😀😀"),
                Arguments.of("\"a\\u0000b\"", "a\0b"),
                Arguments.of("[]", List.of()),
                Arguments.of("[ ]", List.of()),
                Arguments.of("[1,[2],null]", Arrays.asList(1L, List.of(2L), null)),
                Arguments.of("{}", Map.of()),
                Arguments.of("{ \"a\" : { \"\" : [ ] } }", Map.of("a", Map.of("", List.of()))),
                Arguments.of("\"\u007f\u2028\"", "\u007f\u2028"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void reads(String text, Object expected) throws JsonSyntaxException {
        assertThat(Json.parse(text)).isEqualTo(expected);
        assertThat(Json.parse(text.getBytes(StandardCharsets.UTF_8), Json.Limits.DEFAULT))
                .isEqualTo(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "a value is missing at character 1"),
                Arguments.of("   ", "a value is missing"),
                Arguments.of("nul", "a value is missing"),
                Arguments.of("nulll", "something follows"),
                Arguments.of("True", "a value is missing"),
                Arguments.of("NaN", "a value is missing"),
                Arguments.of("Infinity", "a value is missing"),
                Arguments.of("01", "something follows"),
                Arguments.of("+1", "a value is missing"),
                Arguments.of("-", "a digit is missing"),
                Arguments.of("1.", "a digit is missing"),
                Arguments.of(".5", "a value is missing"),
                Arguments.of("1e", "a digit is missing"),
                Arguments.of("0x10", "something follows"),
                Arguments.of("١", "a value is missing"),
                Arguments.of("9223372036854775808", "beyond 64 bits"),
                Arguments.of("1e400", "beyond the range"),
                Arguments.of("'a'", "a value is missing"),
                Arguments.of("\"a", "'\"' is missing"),
                Arguments.of("\"a\nb\"", "control character"),
                Arguments.of("\"a\0b\"", "control character"),
                Arguments.of("\"\\x\"", "unknown escape"),
                Arguments.of("\"\\u12\"", "four hexadecimal"),
                Arguments.of("\"\\u00１1\"", "four hexadecimal"),
                Arguments.of("\"\\ud83d\"", "half a surrogate"),
                Arguments.of("\"\\ude00\\ud83d\"", "half a surrogate"),
                Arguments.of("\"\\", "unknown escape"),
                Arguments.of("[1,]", "a value is missing"),
                Arguments.of("[1 2]", "',' is missing"),
                Arguments.of("[", "a value is missing"),
                Arguments.of("{\"a\":1,}", "a key in quotes is missing"),
                Arguments.of("{a:1}", "a key in quotes is missing"),
                Arguments.of("{\"a\"}", "':' is missing"),
                Arguments.of("{\"a\":1,\"a\":2}", "\"a\" is there twice at character 8"),
                Arguments.of("[1] // why", "something follows"),
                Arguments.of("\ufeff1", "a value is missing"),
                Arguments.of("1\0", "something follows"),
                Arguments.of("\u00a01", "a value is missing"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(String text, String problem) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] overlong = {'"', (byte) 0xc0, (byte) 0x80, '"'};
        assertThatThrownBy(() -> Json.parse(overlong, Json.Limits.DEFAULT)).hasMessageContaining("not UTF-8");
    }

    @Test
    void depthAndSizeAreLimitedBeforeTheyHurt() throws JsonSyntaxException {
        assertThat(Json.parse("[".repeat(32) + "]".repeat(32))).isNotNull();
        assertThatThrownBy(() -> Json.parse("[".repeat(33) + "]".repeat(33)))
                .hasMessage("nested deeper than 32 at character 33");
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(200_000))).hasMessageContaining("nested deeper than 32");
        assertThat(Json.parse("[" + "[],".repeat(1000) + "[]]")).isNotNull();
        Json.Limits small = new Json.Limits(4, 10);
        assertThatThrownBy(() -> Json.parse("1".repeat(11), small)).hasMessageContaining("the limit is 10");
        assertThatThrownBy(() -> Json.parse(new byte[31], small)).hasMessageContaining("31 bytes");
    }

    static Stream<Arguments> quoted() {
        return Stream.of(
                Arguments.of("", "\"\""),
                Arguments.of("plain é 😀", "\"plain é 😀\""),
                Arguments.of("\"\\/", "\"\\\"\\\\/\""),
                Arguments.of("a\r\n\tb", "\"a\\r\\n\\tb\""),
                Arguments.of("\0\u001b[31m\u007f\u009b", "\"\\u0000\\u001b[31m\\u007f\\u009b\""),
                Arguments.of("\u2028\u2029\u202e\u2066", "\"\\u2028\\u2029\\u202e\\u2066\""),
                Arguments.of("\ud83dx\ude00", "\"\\ufffdx\\ufffd\""),
                Arguments.of("x\ud83d", "\"x\\ufffd\""));
    }

    @ParameterizedTest
    @MethodSource("quoted")
    void quotes(String text, String expected) {
        StringBuilder out = new StringBuilder();
        Json.quote(text, out);
        assertThat(out).hasToString(expected);
    }

    @Test
    void writesWhatItIsTold() {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .field("name", "lb1")
                .field("up", true)
                .field("load", 0.5)
                .field("none", (String) null)
                .name("backends")
                .beginArray()
                .value(1)
                .value(Double.NaN)
                .beginObject()
                .end()
                .any(Map.of("a", List.of(2, "x")))
                .end()
                .end();
        assertThat(json)
                .hasToString("{\"name\":\"lb1\",\"up\":true,\"load\":0.5,\"none\":null,"
                        + "\"backends\":[1,null,{},{\"a\":[2,\"x\"]}]}");
    }

    @Test
    void aWrongOrderOfCallsIsAnErrorAndNotBrokenText() {
        assertThatIllegalStateException().isThrownBy(() -> new JsonWriter().end());
        assertThatIllegalStateException().isThrownBy(() -> new JsonWriter().name("a"));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().value(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().name("a").end());
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().name("a").name("b"));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().value(1).value(2));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginArray().toString());
    }

    @Test
    void whatIsWrittenCanBeReadBack() throws JsonSyntaxException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = random.ints(random.nextInt(20), 0, 0x110000)
                    .filter(c -> c < 0xd800 || c > 0xdfff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            List<Object> value = List.of(text, random.nextLong(), random.nextDouble(), random.nextBoolean());
            assertThat(Json.parse(new JsonWriter().any(value).toString()))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }
}
