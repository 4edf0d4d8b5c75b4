# A thing of the story declared to be a real one.
INSERT DATA { :one owl:sameAs <https://example.org/real> }
