/// A regular expression of ECMA-262, as far as schemas need one: literals, classes, groups, alternatives and quantifiers.
///
/// A text is compared scalar by scalar, and all alternatives are followed at once. So the time grows with the length of the
/// text times that of the pattern: with a matcher that backtracks, one body could occupy an event loop for minutes.
package struct TextPattern: Sendable, Hashable {
    /// The pattern as a document writes it.
    package let text: String
    private let steps: [Step]

    /// Parses a pattern; `nil` if it is malformed, too large, or uses other parts of the language (back references,
    /// assertions but `^` and `$`, lazy quantifiers, `\s`, `\b`, properties).
    package init?(_ text: String) {
        var parser = PatternParser(rest: Array(text.unicodeScalars)[...])
        guard let node = parser.alternatives(), parser.rest.isEmpty else { return nil }
        var steps: [Step] = []
        guard Self.append(node, to: &steps) else { return nil }
        self.text = text
        self.steps = steps + [.match]
    }

    private enum Step: Sendable, Hashable {
        case scalar(ScalarSet)
        case start, end, match
        /// Goes on at the next step and at this one.
        case fork(Int)
        case jump(Int)
    }

    fileprivate indirect enum Node {
        case scalar(ScalarSet)
        case start, end
        case sequence([Node])
        case choice([Node])
        case loop(Node, least: Int, most: Int?)
    }

    private static let mostSteps = 20_000

    /// Appends the steps of a node; `false` when there are too many.
    private static func append(_ node: Node, to steps: inout [Step]) -> Bool {
        guard steps.count < mostSteps else { return false }
        switch node {
        case .scalar(let set): steps.append(.scalar(set))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let nodes): return nodes.allSatisfy { append($0, to: &steps) }
        case .choice(let nodes):
            var ends: [Int] = []
            for (number, node) in nodes.enumerated() {
                let fork = steps.count
                if number < nodes.count - 1 { steps.append(.fork(0)) }
                guard append(node, to: &steps) else { return false }
                guard number < nodes.count - 1 else { break }
                ends.append(steps.count)
                steps.append(.jump(0))
                steps[fork] = .fork(steps.count)
            }
            for end in ends { steps[end] = .jump(steps.count) }
        case .loop(let inner, let least, let most):
            for _ in 0..<least { guard append(inner, to: &steps) else { return false } }
            let begin = steps.count
            if let most {
                for _ in least..<most {
                    steps.append(.fork(0))
                    guard append(inner, to: &steps) else { return false }
                }
                // Each of them leads behind the last one.
                for index in begin..<steps.count {
                    if case .fork(0) = steps[index] { steps[index] = .fork(steps.count) }
                }
            } else {
                steps.append(.fork(0))
                guard append(inner, to: &steps) else { return false }
                steps.append(.jump(begin))
                steps[begin] = .fork(steps.count)
            }
        }
        return true
    }

    /// Reports whether any part of a text matches.
    package func matches(_ text: String) -> Bool {
        var active = StepList(count: steps.count)
        var following = StepList(count: steps.count)
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        var isStart = true
        while true {
            if add(0, to: &active, isStart: isStart, isEnd: scalar == nil) { return true }
            guard let current = scalar else { return false }
            scalar = scalars.next()
            isStart = false
            following.removeAll()
            for step in active.consuming {
                guard case .scalar(let set) = steps[step], set.contains(current) else { continue }
                if add(step + 1, to: &following, isStart: false, isEnd: scalar == nil) { return true }
            }
            swap(&active, &following)
        }
    }

    /// Follows the steps from this one that take no scalar; `true` when one of them is the end of the pattern.
    private func add(_ first: Int, to list: inout StepList, isStart: Bool, isEnd: Bool) -> Bool {
        list.pending.append(first)
        while let step = list.pending.popLast() {
            guard list.visit(step) else { continue }
            switch steps[step] {
            case .scalar: list.consuming.append(step)
            case .start: if isStart { list.pending.append(step + 1) }
            case .end: if isEnd { list.pending.append(step + 1) }
            case .fork(let other): list.pending += [step + 1, other]
            case .jump(let other): list.pending.append(other)
            case .match: return true
            }
        }
        return false
    }

    /// The steps that wait for one scalar.
    private struct StepList {
        var consuming: [Int] = []
        var pending: [Int] = []
        private var visited: [Int]
        private var round = 1

        init(count: Int) { visited = Array(repeating: 0, count: count) }

        mutating func visit(_ step: Int) -> Bool {
            guard visited[step] != round else { return false }
            visited[step] = round
            return true
        }

        mutating func removeAll() {
            consuming.removeAll(keepingCapacity: true)
            pending.removeAll(keepingCapacity: true)
            round += 1
        }
    }
}

/// The scalars that one place of a pattern accepts.
private struct ScalarSet: Sendable, Hashable {
    private let ranges: [ClosedRange<UInt32>]
    private let isInverted: Bool

    init(_ ranges: [ClosedRange<UInt32>], isInverted: Bool = false) {
        self.ranges = ranges
        self.isInverted = isInverted
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }
}

/// Reads the grammar of ECMA-262 §22.2.1, a function for each production.
private struct PatternParser {
    var rest: ArraySlice<Unicode.Scalar>

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    mutating func alternatives() -> TextPattern.Node? {
        var choices: [TextPattern.Node] = []
        repeat {
            var sequence: [TextPattern.Node] = []
            while let next = rest.first, next != "|", next != ")" {
                guard let node = quantified() else { return nil }
                sequence.append(node)
            }
            choices.append(.sequence(sequence))
        } while take("|")
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func quantified() -> TextPattern.Node? {
        if take("^") { return .start }
        if take("$") { return .end }
        guard let node = atom() else { return nil }
        var least = 0
        var most: Int?
        if take("*") {
        } else if take("+") {
            least = 1
        } else if take("?") {
            most = 1
        } else if take("{") {
            guard let number = number() else { return nil }
            least = number
            if !take(",") {
                most = least
            } else if rest.first != "}" {
                guard let number = self.number(), number >= least else { return nil }
                most = number
            }
            guard take("}") else { return nil }
        } else {
            return node
        }
        // A second quantifier would make the first one lazy, or be an error.
        guard let next = rest.first else { return .loop(node, least: least, most: most) }
        return "?*+{".unicodeScalars.contains(next) ? nil : .loop(node, least: least, most: most)
    }

    private mutating func number() -> Int? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest.removeFirst(digits.count)
        guard (1...4).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1.value - 0x30) }
    }

    private mutating func atom() -> TextPattern.Node? {
        guard let next = rest.popFirst() else { return nil }
        switch next {
        case "(":
            if take("?"), !take(":") { return nil }
            guard let inner = alternatives(), take(")") else { return nil }
            return inner
        case "[": return characterClass().map(TextPattern.Node.scalar)
        case ".": return .scalar(ScalarSet([0xA...0xA, 0xD...0xD, 0x2028...0x2029], isInverted: true))
        case "\\": return escape(inClass: false).map { .scalar(ScalarSet($0)) }
        case "*", "+", "?", "{", "}", "]", ")": return nil
        default: return .scalar(ScalarSet([next.value...next.value]))
        }
    }

    private mutating func characterClass() -> ScalarSet? {
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !take("]") {
            guard let first = classAtom() else { return nil }
            guard rest.first == "-", rest.dropFirst().first != "]" else {
                ranges += first
                continue
            }
            rest.removeFirst()
            guard let last = classAtom(), first.count == 1, last.count == 1, first[0].count == 1,
                last[0].count == 1,
                first[0].lowerBound <= last[0].lowerBound
            else { return nil }
            ranges.append(first[0].lowerBound...last[0].lowerBound)
        }
        return ScalarSet(ranges, isInverted: isInverted)
    }

    private mutating func classAtom() -> [ClosedRange<UInt32>]? {
        guard let next = rest.popFirst() else { return nil }
        return next == "\\" ? escape(inClass: true) : [next.value...next.value]
    }

    /// The scalars that stand for what follows a backslash.
    private mutating func escape(inClass: Bool) -> [ClosedRange<UInt32>]? {
        guard let next = rest.popFirst() else { return nil }
        switch next {
        case "d": return [0x30...0x39]
        case "w": return [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        case "n": return [0xA...0xA]
        case "r": return [0xD...0xD]
        case "t": return [0x9...0x9]
        case "f": return [0xC...0xC]
        case "v": return [0xB...0xB]
        case "u":
            let digits = String(String.UnicodeScalarView(rest.prefix(4)))
            guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil
            else { return nil }
            rest.removeFirst(4)
            return [value...value]
        case "-" where inClass: return [0x2D...0x2D]
        default:
            let isSyntax = #"^$\.*+?()[]{}|/"#.unicodeScalars.contains(next)
            return isSyntax || next == "\"" ? [next.value...next.value] : nil
        }
    }
}
