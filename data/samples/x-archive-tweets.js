window.YTD.tweets.part0 = [
 {
  "tweet": {
   "id": "1050",
   "id_str": "1050",
   "full_text": "Le d&eacute;neigement commence &agrave; 23 h",
   "created_at": "Wed Oct 10 20:19:24 +0000 2018",
   "in_reply_to_status_id": null
  }
 }
]
