package import TesseraHTTP

extension ServerCounters {
    /// The counters as metrics.
    package var metrics: [Metric] {
        func count(_ name: String, _ help: String, _ value: UInt64) -> Metric {
            Metric(name, .counter, help, Int(clamping: value))
        }
        return [
            count("tessera_connections_total", "Connections taken.", accepted),
            count(
                "tessera_connections_turned_away_total", "Connections closed because there were too many.",
                turnedAway),
            Metric("tessera_connections_open", .gauge, "Connections open now.", Int(clamping: open)),
            count("tessera_requests_total", "Requests handed to a handler.", requests),
            count("tessera_requests_unusable_total", "Requests refused unread.", refused),
            count("tessera_received_bytes_total", "Bytes read from connections.", bytesReceived),
            count("tessera_sent_bytes_total", "Bytes written to connections.", bytesSent),
        ]
    }
}

extension SystemClock {
    /// The lead of this clock over that of the machine, as a metric.
    package var leadMetric: Metric {
        Metric(
            "tessera_clock_lead_seconds", .gauge,
            "How far the time here is ahead of the machine's clock; more than 0 once that was set back.",
            Int(clamping: lead.components.seconds))
    }
}
