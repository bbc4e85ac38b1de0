import Testing

@testable import TesseraHTML

@Suite struct HTMLTests: Markup {
    @Test func textIsEscaped() {
        #expect(
            p { "<b>\"Fish\" & 'chips'</b>" }.text
                == "<p>&lt;b&gt;&quot;Fish&quot; &amp; &#39;chips&#39;&lt;/b&gt;</p>")
    }

    @Test func textThatLooksEscapedIsEscapedAgain() {
        #expect(p { "&lt;" }.text == "<p>&amp;lt;</p>")
    }

    @Test func nulBecomesTheReplacementCharacter() {
        #expect(HTML(text: "a\0b").text == "a\u{FFFD}b")
    }

    @Test func textBeyondASCIIStaysAsItIs() {
        #expect(HTML(text: "Zoë 🏴‍☠️ “x”").text == "Zoë 🏴‍☠️ “x”")
    }

    @Test func interpolatedTextIsEscapedWhole() {
        let name = "<i>"
        #expect(p { "Token \(name)" }.text == "<p>Token &lt;i&gt;</p>")
    }

    @Test func rawMarkupStaysAsItIs() {
        #expect(HTML(raw: "<hr>").text == "<hr>")
        #expect(HTML(raw: "§").text == "§")
    }

    @Test func voidElementsHaveNoEndTag() {
        #expect(input(.type("hidden"), .name("n")).text == #"<input type="hidden" name="n">"#)
    }

    @Test func elementsNestInOrder() {
        let list = ul(.class("x")) {
            li { "1" }
            li { strong { "2" } }
        }
        #expect(list.text == #"<ul class="x"><li>1</li><li><strong>2</strong></li></ul>"#)
    }

    @Test(arguments: [(0, "none"), (1, "one"), (5, "many:0,1,2,3,4,")])
    func conditionsAndLoopsWorkAsInSwift(count: Int, expected: String) {
        let html = p {
            switch count {
            case 0: "none"
            case 1: "one"
            default:
                if count > 1 { "many:" }
                for index in 0..<count { "\(index)," }
            }
        }
        #expect(html.text == "<p>\(expected)</p>")
    }

    @Test func aBlockTakesMoreThanTenPieces() {
        let html = p {
            "a"
            "b"
            "c"
            "d"
            "e"
            "f"
            "g"
            "h"
            "i"
            "j"
            "k"
            "l"
        }
        #expect(html.text == "<p>abcdefghijkl</p>")
    }
}

extension HTML {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
