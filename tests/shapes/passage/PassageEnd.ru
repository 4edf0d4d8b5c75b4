# A passage without an end.
DELETE { :passage oa:end ?any } WHERE { :passage oa:end ?any }
