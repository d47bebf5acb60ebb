package com.foobar.webserver.answer;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a file is, by the extension of its name: with {@code nosniff} the browser believes nothing else. */
public final class MediaTypes {

    private static final String UNKNOWN = "application/octet-stream";

    /** Type, then the extensions it stands for. Text gets its charset from {@link #withCharset}. */
    private static final String[] TABLE = {
        "text/html html htm",
        "text/css css",
        "text/javascript js mjs cjs",
        "text/plain txt text log",
        "text/markdown md markdown",
        "text/csv csv",
        "text/calendar ics",
        "text/vcard vcf",
        "text/vtt vtt",
        "text/xml xml xsd xsl xslt",
        "application/json json map",
        "application/ld+json jsonld",
        "application/manifest+json webmanifest",
        "application/geo+json geojson",
        "application/xhtml+xml xhtml",
        "application/atom+xml atom",
        "application/rss+xml rss",
        "application/wasm wasm",
        "application/yaml yaml yml",
        "application/pdf pdf",
        "application/rtf rtf",
        "application/zip zip",
        "application/gzip gz tgz",
        "application/zstd zst",
        "application/x-brotli br",
        "application/x-bzip2 bz2",
        "application/x-xz xz",
        "application/x-tar tar",
        "application/x-7z-compressed 7z",
        "application/vnd.rar rar",
        "application/java-archive jar war",
        "application/epub+zip epub",
        "application/msword doc",
        "application/vnd.ms-excel xls",
        "application/vnd.ms-powerpoint ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation pptx",
        "application/vnd.oasis.opendocument.text odt",
        "application/vnd.oasis.opendocument.spreadsheet ods",
        "application/vnd.apple.mpegurl m3u8",
        "application/dash+xml mpd",
        "image/png png",
        "image/jpeg jpg jpeg",
        "image/gif gif",
        "image/webp webp",
        "image/avif avif",
        "image/svg+xml svg",
        "image/x-icon ico",
        "image/bmp bmp",
        "image/tiff tif tiff",
        "image/jxl jxl",
        "image/heic heic",
        "font/woff woff",
        "font/woff2 woff2",
        "font/ttf ttf",
        "font/otf otf",
        "application/vnd.ms-fontobject eot",
        "audio/mpeg mp3",
        "audio/mp4 m4a",
        "audio/aac aac",
        "audio/ogg ogg oga opus",
        "audio/flac flac",
        "audio/wav wav",
        "audio/webm weba",
        "video/mp4 mp4 m4v",
        "video/webm webm",
        "video/ogg ogv",
        "video/quicktime mov",
        "video/mp2t ts",
        "video/x-matroska mkv",
        "model/gltf+json gltf",
        "model/gltf-binary glb",
    };

    private final Map<String, String> byExtension = new HashMap<>();

    private MediaTypes() {}

    /** The table with the operator's own on top: extension (with or without its dot) to type. */
    public static MediaTypes with(Map<String, String> own) {
        MediaTypes types = new MediaTypes();
        for (String row : TABLE) {
            String[] words = row.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                types.byExtension.put(words[i], withCharset(words[0]));
            }
        }
        own.forEach((extension, type) -> {
            String key = extension.startsWith(".") ? extension.substring(1) : extension;
            types.byExtension.put(key.toLowerCase(Locale.ROOT), withCharset(type));
        });
        return types;
    }

    public String of(String fileName) {
        return byExtension.getOrDefault(FileName.extension(fileName), UNKNOWN);
    }

    /** Whether it is text in some form, so that compressing it pays. */
    public static boolean compressible(String type) {
        String bare = bare(type);
        return bare.startsWith("text/")
                || bare.endsWith("+json")
                || bare.endsWith("+xml")
                || switch (bare) {
                    case "application/json",
                            "application/javascript",
                            "application/xml",
                            "application/yaml",
                            "application/wasm",
                            "application/rtf",
                            "application/vnd.apple.mpegurl",
                            "application/vnd.ms-fontobject",
                            "image/bmp",
                            "image/x-icon",
                            "font/ttf",
                            "font/otf" -> true;
                    default -> false;
                };
    }

    public static boolean html(String type) {
        String bare = bare(type);
        return bare.equals("text/html") || bare.equals("application/xhtml+xml");
    }

    /** Whether this may stand in a Content-Type field. */
    public static boolean legal(String type) {
        int slash = type.indexOf('/');
        if (slash <= 0 || slash == type.length() - 1) {
            return false;
        }
        for (int i = 0; i < type.length(); i++) {
            if (type.charAt(i) < ' ' || type.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String bare(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    /** Text without a charset is read in whatever the reader likes; XML and JSON carry their own. */
    private static String withCharset(String type) {
        return type.startsWith("text/") && type.indexOf(';') < 0 ? type + "; charset=utf-8" : type;
    }
}
