// The text formats; the conformance suite (tests/conformance) has hundreds more cases.
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "contract/rules/string_formats.h"
#include "gtest/gtest.h"
#include "re2/re2.h"

namespace dataservice::rules {
namespace {

const std::string kNul(1, '\0');

TEST(Formats, Email) {
  EXPECT_TRUE(IsEmail("a@b"));
  EXPECT_TRUE(IsEmail("first.last+tag@sub.example.com"));
  for (const std::string text : {"", "@", "a@", "@b", "a@b.", "a@.b", "a@b@c", "a b@c", "a@-b",
                                 "a@b-", "a@b_c", "A <a@b>", "\u00e9@b", "a@b\n"}) {
    EXPECT_FALSE(IsEmail(text)) << text;
  }
  EXPECT_FALSE(IsEmail("a@b" + kNul));
  EXPECT_TRUE(IsEmail("a@" + std::string(63, 'x')));
  EXPECT_FALSE(IsEmail("a@" + std::string(64, 'x')));
}

TEST(Formats, Hostname) {
  EXPECT_TRUE(IsHostname("example.com."));
  EXPECT_TRUE(IsHostname("1.a"));
  for (const std::string text : {"", ".", "a..b", "a.1", "-a", "a-", "a_b", "a..", "127.0.0.1"}) {
    EXPECT_FALSE(IsHostname(text)) << text;
  }
  std::string longest;  // 4 x 62 + dots + "ab"
  for (int i = 0; i < 4; ++i) longest += std::string(62, 'x') + ".";
  EXPECT_TRUE(IsHostname(longest + "a"));
  EXPECT_TRUE(IsHostname(longest + "a."));
  EXPECT_FALSE(IsHostname(longest + "ab"));
}

TEST(Formats, HostAndPort) {
  for (const std::string text : {"example.com:0", "1.2.3.4:65535", "[::1]:80", "[fe80::1%x]:1"}) {
    EXPECT_TRUE(IsHostAndPort(text, true)) << text;
  }
  for (const std::string text :
       {"", ":", ":80", "a:", "a:65536", "a:080", "a:-1", "::1:80", "[::1]", "[::1]80",
        "[1.2.3.4]:80", "[]:80", "[:80", "a:4294967376"}) {
    EXPECT_FALSE(IsHostAndPort(text, true)) << text;
  }
  EXPECT_TRUE(IsHostAndPort("[::1]", false));
  EXPECT_TRUE(IsHostAndPort("a", false));
}

TEST(Formats, Ip) {
  for (const std::string text : {"0.0.0.0", "255.255.255.255"}) {
    EXPECT_TRUE(IsIp(text, IpVersion::k4)) << text;
    EXPECT_FALSE(IsIp(text, IpVersion::k6)) << text;
  }
  for (const std::string text :
       {"", "1.2.3", "1.2.3.4.", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "0x1.2.3.4", "1.2.3.4%a"}) {
    EXPECT_FALSE(IsIp(text, IpVersion::kAny)) << text;
  }
  for (const std::string text :
       {"::", "::1", "1:2:3:4:5:6:7:8", "1::8", "::ffff:1.2.3.4", "fe80::1%en0", "::%%"}) {
    EXPECT_TRUE(IsIp(text, IpVersion::k6)) << text;
    EXPECT_FALSE(IsIp(text, IpVersion::k4)) << text;
  }
  for (const std::string text : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
                                 "12345::", "::g", "::1%", "[::1]", "1:2:3:4:5:6:7:8::"}) {
    EXPECT_FALSE(IsIp(text, IpVersion::kAny)) << text;
  }
  EXPECT_FALSE(IsIp("1.2.3.4" + kNul, IpVersion::k4));
  EXPECT_FALSE(IsIp("::1" + kNul, IpVersion::k6));
}

TEST(Formats, IpPrefix) {
  EXPECT_TRUE(IsIpPrefix("10.1.2.3/8", IpVersion::k4, false));
  EXPECT_FALSE(IsIpPrefix("10.1.2.3/8", IpVersion::k4, true));
  EXPECT_TRUE(IsIpPrefix("10.0.0.0/8", IpVersion::kAny, true));
  EXPECT_TRUE(IsIpPrefix("1.2.3.4/32", IpVersion::k4, true));
  EXPECT_TRUE(IsIpPrefix("0.0.0.0/0", IpVersion::k4, true));
  EXPECT_FALSE(IsIpPrefix("128.0.0.0/0", IpVersion::k4, true));
  EXPECT_TRUE(IsIpPrefix("2001:db8::/32", IpVersion::k6, true));
  EXPECT_FALSE(IsIpPrefix("2001:db8::1/127", IpVersion::k6, true));
  for (const std::string text :
       {"", "/", "/8", "1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/8/8",
        "1.2.3.4/-1", "::/129", "fe80::1%a/64", "::/9999"}) {
    EXPECT_FALSE(IsIpPrefix(text, IpVersion::kAny, false)) << text;
  }
}

TEST(Formats, Uri) {
  for (const std::string text :
       {"https://example.com/a%20b?c=d#e", "mailto:a@b", "urn:x", "a:", "a:/", "a://", "a:///b",
        "http://[::1]:80/", "http://[::1%25en0]/", "http://[v1.a:b]/", "http://u:p@h:1/",
        "http://h:/", "a:?", "a:#", "http://%c3%a9/"}) {
    EXPECT_TRUE(IsUri(text)) << text;
    EXPECT_TRUE(IsUriReference(text)) << text;
  }
  for (const std::string text : {"",
                                 ":",
                                 "1a:",
                                 "a",
                                 "/a",
                                 "//h",
                                 "http://h:x/",
                                 "http://[::1",
                                 "http://[::g]/",
                                 "http://[::1]x",
                                 "http://[::1%en0]/",
                                 "http://a b/",
                                 "http://h/%",
                                 "http://h/%2",
                                 "http://h/%zz",
                                 "http://h/[",
                                 "http://h/?[",
                                 "http://h/##",
                                 "http://u@v@h/",
                                 "http://%ff/",
                                 "http://%c3/",
                                 "http://h/\u00e9",
                                 "a:b\n",
                                 "http://[v.a]/",
                                 "http://[::1%25]/",
                                 "http://[::1%25%ff]/"}) {
    EXPECT_FALSE(IsUri(text)) << text;
  }
  EXPECT_FALSE(IsUri("http://h/" + kNul));
}

TEST(Formats, UriReference) {
  for (const std::string text : {"", "/", "a", "a/b:c", "./a:b", "//h", "?q", "#f", "../x?y#z"}) {
    EXPECT_TRUE(IsUriReference(text)) << text;
  }
  for (const std::string text : {":", "1:b", "a b", "//[", "%", "#a#b", "\\"}) {
    EXPECT_FALSE(IsUriReference(text)) << text;
  }
}

TEST(Formats, PercentEncodedHostOfAnyLength) {
  std::string host;
  for (int i = 0; i < 10'000; ++i) host += "%e2%82%ac";
  EXPECT_TRUE(IsUri("http://" + host));
  EXPECT_FALSE(IsUri("http://" + host + "%e2%82"));
  std::string continuation;
  for (int i = 0; i < 1'000; ++i) continuation += "%80";
  EXPECT_FALSE(IsUri("http://" + host + continuation));
}

TEST(Formats, Identifiers) {
  EXPECT_TRUE(IsUuid("0190A8B6-1111-7000-8000-00000000abcd"));
  for (const std::string text :
       {"", "0190a8b611117000800000000000abcd", "0190a8b6-1111-7000-8000-00000000abcg",
        "{190a8b6-1111-7000-8000-00000000abc}", "0190a8b6-1111-7000-8000-00000000abcd\n"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
  EXPECT_TRUE(IsTrimmedUuid("0190a8b611117000800000000000abcd"));
  EXPECT_FALSE(IsTrimmedUuid("0190a8b611117000800000000000abc"));
  EXPECT_TRUE(IsUlid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  EXPECT_TRUE(IsUlid("7zzzzzzzzzzzzzzzzzzzzzzzzz"));
  EXPECT_FALSE(IsUlid("8zzzzzzzzzzzzzzzzzzzzzzzzz"));
  EXPECT_FALSE(IsUlid("01ARZ3NDEKTSV4RRFFQ69G5FAI"));
  EXPECT_TRUE(IsProtobufName("a.B_1._", false));
  for (const std::string text : {"", ".", ".a", "a.", "a..b", "1a", "a.1", "a-b"}) {
    EXPECT_FALSE(IsProtobufName(text, false)) << text;
  }
  EXPECT_TRUE(IsProtobufName(".a.b", true));
  EXPECT_FALSE(IsProtobufName("a.b", true));
}

// The expressions are those of validate.proto.
TEST(Formats, AgreeWithTheExpressionsOfTheStandard) {
  const struct {
    std::string pattern;
    std::function<bool(std::string_view)> accepts;
    std::string alphabet;
    std::string start;  // mutated, so that much of what is tried is nearly right
  } formats[] = {
      {"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
       "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$",
       IsEmail, "a@.-_+ \n", "a.b@c-d.e"},
      {"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", IsUuid,
       "0fFg-\n", "0190A8B6-1111-7000-8000-00000000abcd"},
      {"^[0-9a-fA-F]{32}$", IsTrimmedUuid, "0fFg-\n", "0190A8B611117000800000000000abcd"},
      {"^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$", IsUlid, "0789ILOUAilouz\n",
       "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
      {"^[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*$",
       [](std::string_view text) { return IsProtobufName(text, false); }, "a_1.-\n", "a.B_1"},
      {"^\\.[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*$",
       [](std::string_view text) { return IsProtobufName(text, true); }, "a_1.-\n", ".a.B_1"},
      {"^:?[0-9a-zA-Z!#$%&\\'*+-.^_|~\\x60]+$",
       [](std::string_view text) { return IsHeaderName(text, true); }, ":a'+,-./`\"\n", ":ab"},
      {"^[^\\x{0}-\\x{8}\\x{A}-\\x{1F}\\x{7F}]*$",
       [](std::string_view text) { return IsHeaderValue(text, true); }, "a\t\n\r\x7f\x1f \x08",
       "a b"},
  };
  std::mt19937 random(20240229);
  for (const auto& format : formats) {
    const RE2 expression(format.pattern);
    ASSERT_TRUE(expression.ok()) << format.pattern;
    EXPECT_TRUE(format.accepts(format.start)) << format.start;
    for (int i = 0; i < 20'000; ++i) {
      std::string text = format.start;
      for (unsigned changes = random() % 4; changes > 0; --changes) {
        const size_t at = text.empty() ? 0 : random() % text.size();
        const char c = format.alphabet[random() % format.alphabet.size()];
        const unsigned kind = random() % 3;
        if (kind == 0 || text.empty()) text.insert(at, 1, c);
        if (kind == 1 && !text.empty()) text[at] = c;
        if (kind == 2 && !text.empty()) text.erase(at, 1);
      }
      ASSERT_EQ(format.accepts(text), RE2::PartialMatch(text, expression)) << text;
    }
  }
}

TEST(Formats, Headers) {
  EXPECT_TRUE(IsHeaderName(":authority", true));
  EXPECT_TRUE(IsHeaderName("X-Trace_1", true));
  for (const std::string text : {"", ":", "::a", "a:", "a b", "a/b", "\u00e9"}) {
    EXPECT_FALSE(IsHeaderName(text, true)) << text;
  }
  EXPECT_TRUE(IsHeaderName("a b:\u00e9", false));
  EXPECT_TRUE(IsHeaderValue("", true));
  EXPECT_TRUE(IsHeaderValue("a\tb \u00e9", true));
  EXPECT_FALSE(IsHeaderValue("a\x7f", true));
  EXPECT_FALSE(IsHeaderValue("a\r\nSet-Cookie: x", false));
  EXPECT_FALSE(IsHeaderValue("a" + kNul, false));
}

}  // namespace
}  // namespace dataservice::rules
