# A passage with two ends.
INSERT DATA { :passage oa:end 9999 }
