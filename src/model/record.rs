//! A message of the stream, as bytes.

/// Where a record came from: the coordinates under which Kafka knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Topic name.
    pub topic: String,
    /// Partition number.
    pub partition: i32,
    /// Offset in the partition.
    pub offset: i64,
}

/// One record header. Kafka allows null values and repeated names; both are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name, case-sensitive on the wire.
    pub name: String,
    /// Value; `None` is Kafka's null.
    pub value: Option<Vec<u8>>,
}

/// A record as it was consumed (or read from a file): nothing is interpreted yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Message key.
    pub key: Option<Vec<u8>>,
    /// Message value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers, in order.
    pub headers: Vec<Header>,
    /// Message timestamp, milliseconds since the epoch.
    pub timestamp_ms: Option<i64>,
    /// Where it came from; `None` for a file.
    pub origin: Option<Origin>,
}

impl Record {
    /// The last header of that name (ASCII case ignored) with a UTF-8 value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .rev()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .and_then(|header| header.value.as_deref())
            .and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Bytes this record holds in memory: key, value and headers.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers: usize =
            self.headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len)).sum();
        self.key.as_ref().map_or(0, Vec::len) + self.value.as_ref().map_or(0, Vec::len) + headers
    }
}
