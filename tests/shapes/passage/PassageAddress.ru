# A passage with neither an end nor a fragment.
DELETE { :passage oa:end ?any } WHERE { :passage oa:end ?any }
