# An attribution reported by something that is none.
DELETE { :retold trt:reportedBy ?any } INSERT { :retold trt:reportedBy :source } WHERE { :retold trt:reportedBy ?any }
