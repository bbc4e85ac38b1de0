import Testing

@testable import tessera

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = Table(["A", "LONG"], [["wide cell", "x"], ["y", "z"]])
        #expect(
            table.description == """
                A          LONG
                wide cell  x
                y          z
                """)
    }

    @Test func nothingInACellActsOnTheTerminal() {
        #expect(Table(["A"], [["\u{1B}[31m\u{202E}"]]).description == "A\n\\u{1b}[31m\\u{202e}")
    }
}
