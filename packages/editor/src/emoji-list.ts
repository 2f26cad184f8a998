// Emoji, the names that they have on GitHub, and other words that find them: made from emojibase-data 17.0.0 (MIT, Miles Johnson) by
// make-emoji-list.mjs. Skin tones are left out.

/** A line each: the emoji, its names, “|”, other words. */
export const emojiList = `😀 grinning|cheerful cheery face grin
😃 smiley|awesome big eyes face
😄 smile|eye eyes face grin
😁 grin|beaming eye eyes face
😆 laughing satisfied|closed eyes face grinning
😅 sweat_smile|cold dejected excited face
🤣 rofl|crying face floor funny
😂 joy|crying face feels funny
🙂 slightly_smiling_face|happy smile
🙃 upside_down_face|hehe smile upside-down
🫠 melting_face|disappear dissolve embarrassed haha
😉 wink|face flirt heartbreaker sexy
😊 blush|eye eyes face glad
😇 innocent|angel angelic angels blessed
🥰 smiling_face_with_three_hearts|3 adore crush heart
😍 heart_eyes|143 bae eye face
🤩 star_struck|excited eyes face grinning
😘 kissing_heart|adorbs bae blowing face
😗 kissing|143 date dating face
☺️ relaxed|face happy outlined smile
😚 kissing_closed_eyes|143 bae blush date
😙 kissing_smiling_eyes|143 closed date dating
🥲 smiling_face_with_tear|glad grateful happy joy
😋 yum|delicious eat face food
😛 stuck_out_tongue|awesome cool face nice
😜 stuck_out_tongue_winking_eye|crazy epic face funny
🤪 zany_face|crazy eye eyes goofy
😝 stuck_out_tongue_closed_eyes|eye face gross horrible
🤑 money_mouth_face|money-mouth paid
🤗 hugs|face hands hug hugging
🤭 hand_over_mouth|face giggle giggling oops
🫢 face_with_open_eyes_and_hand_over_mouth|amazement awe disbelief embarrass
🫣 face_with_peeking_eye|captivated embarrass hide hiding
🤫 shushing_face|quiet shh shush
🤔 thinking|chin consider face hmm
🫡 saluting_face|good luck ma’am ok
🤐 zipper_mouth_face|keep quiet secret shut
🤨 raised_eyebrow|disapproval disbelief distrust emoji
😐️ neutral_face|awkward blank deadpan expressionless
😑 expressionless|awkward dead face fine
😶 no_mouth|awkward blank expressionless face
🫥 dotted_line_face|depressed disappear hidden hide
😶‍🌫️ face_in_clouds|absentminded fog head
😏 smirk|boss dapper face flirt
😒 unamused|... bored face fine
🙄 roll_eyes|eyeroll face rolling shade
😬 grimacing|awk awkward dentist face
😮‍💨 face_exhaling|blow blowing exhale exhausted
🤥 lying_face|liar lie pinocchio
🫨 shaking_face|crazy daze earthquake omg
😌 relieved|calm face peace relief
😔 pensive|awful bored dejected died
😪 sleepy|crying face good night
🤤 drooling_face|
😴 sleeping|bed bedtime face good
😷 mask|cold dentist dermatologist doctor
🤒 face_with_thermometer|ill sick
🤕 face_with_head_bandage|head-bandage hurt injury ouch
🤢 nauseated_face|gross nasty sick vomit
🤮 vomiting_face|barf ew gross puke
🤧 sneezing_face|fever flu gesundheit sick
🥵 hot_face|dying feverish heat panting
🥶 cold_face|blue blue-faced freezing frostbite
🥴 woozy_face|dizzy drunk eyes intoxicated
😵 dizzy_face|crossed-out dead eyes feels
😵‍💫 face_with_spiral_eyes|confused dizzy hypnotized omg
🤯 exploding_head|blown explode mind mindblown
🤠 cowboy_hat_face|cowgirl
🥳 partying_face|bday birthday celebrate celebration
🥸 disguised_face|disguise eyebrow glasses incognito
😎 sunglasses|awesome beach bright bro
🤓 nerd_face|brainy clever expert geek
🧐 monocle_face|classy fancy rich stuffy
😕 confused|befuddled confusing dunno face
🫤 face_with_diagonal_mouth|confused confusion disappointed doubt
😟 worried|anxious butterflies face nerves
🙁 slightly_frowning_face|frown sad
☹️ frowning_face|frown sad
😮 open_mouth|believe face forgot omg
😯 hushed|epic face omg stunned
😲 astonished|cost face no omg
😳 flushed|amazed awkward crazy dazed
🥺 pleading_face|begging big eyes mercy
🥹 face_holding_back_tears|admiration aww cry embarrassed
😦 frowning|caught face frown guard
😧 anguished|face forgot scared scary
😨 fearful|afraid anxious blame face
😰 cold_sweat|anxious blue eek face
😥 disappointed_relieved|anxious call close complicated
😢 cry|awful crying face feels
😭 sob|bawling cry crying face
😱 scream|epic face fear fearful
😖 confounded|annoyed confused cringe distraught
😣 persevere|concentrate concentration face focus
😞 disappointed|awful blame dejected face
😓 sweat|close cold downcast face
😩 weary|crying face fail feels
😫 tired_face|cost feels nap sad
🥱 yawning_face|bedtime bored goodnight nap
😤 triumph|anger angry face feels
😡 pout rage|anger angry enraged face
😠 angry|anger blame face feels
🤬 cursing_face|censor cussing mad mouth
😈 smiling_imp|demon devil evil face
👿 imp|angry demon devil evil
💀 skull|body dead death face
☠️ skull_and_crossbones|bone dead death face
💩 hankey poop shit|bs comic doo dung
🤡 clown_face|
👹 japanese_ogre|creature devil face fairy
👺 japanese_goblin|angry creature face fairy
👻 ghost|boo creature excited face
👽️ alien|creature extraterrestrial face fairy
👾 space_invader|alien creature extraterrestrial face
🤖 robot|face monster
😺 smiley_cat|animal face grinning mouth
😸 smile_cat|animal eye eyes face
😹 joy_cat|animal face laugh laughing
😻 heart_eyes_cat|animal eye face heart-eyes
😼 smirk_cat|animal face ironic smile
😽 kissing_cat|animal closed eye eyes
🙀 scream_cat|animal face oh surprised
😿 crying_cat_face|animal cry sad tear
😾 pouting_cat|animal face
🙈 see_no_evil|embarrassed face forbidden forgot
🙉 hear_no_evil|animal ears face forbidden
🙊 speak_no_evil|animal face forbidden gesture
💌 love_letter|heart mail romance valentine
💘 cupid|143 adorbs arrow date
💝 gift_heart|143 anniversary emotion ily
💖 sparkling_heart|143 emotion excited good
💗 heartpulse|143 emotion excited growing
💓 heartbeat|143 beating cardio emotion
💞 revolving_hearts|143 adorbs anniversary emotion
💕 two_hearts|143 anniversary date dating
💟 heart_decoration|143 emotion hearth purple
❣️ heavy_heart_exclamation|mark punctuation
💔 broken_heart|break crushed emotion heartbroken
❤️‍🔥 heart_on_fire|burn love lust sacred
❤️‍🩹 mending_heart|healthier improving recovering recuperating
❤️ heart|emotion love red
🩷 pink_heart|143 adorable cute emotion
🧡 orange_heart|143
💛 yellow_heart|143 cardiac emotion ily
💚 green_heart|143 emotion ily love
💙 blue_heart|143 emotion ily love
🩵 light_blue_heart|143 cute cyan emotion
💜 purple_heart|143 bestest emotion ily
🤎 brown_heart|143
🖤 black_heart|evil wicked
🩶 grey_heart|143 emotion gray ily
🤍 white_heart|143
💋 kiss|dating emotion heart kissing
💯 100|a+ agree clearly definitely
💢 anger|angry comic mad symbol
💥 boom collision|bomb collide comic explode
💫 dizzy|comic shining shooting star
💦 sweat_drops|comic drip droplet droplets
💨 dash|away cloud comic dashing
🕳️ hole|
💬 speech_balloon|bubble comic dialog message
👁️‍🗨️ eye_speech_bubble|balloon witness
🗨️ left_speech_bubble|balloon dialog
🗯️ right_anger_bubble|angry balloon mad
💭 thought_balloon|bubble cartoon cloud comic
💤 zzz|comic good goodnight night
👋 wave|bye cya g2g greetings
🤚 raised_back_of_hand|backhand
🖐️ raised_hand_with_fingers_splayed|finger stop
✋️ hand raised_hand|5 five high stop
🖖 vulcan_salute|finger hand hands
🫱 rightwards_hand|handshake hold reach right
🫲 leftwards_hand|handshake hold left leftward
🫳 palm_down_hand|dismiss drop dropped pick
🫴 palm_up_hand|beckon catch come hold
🫷 leftwards_pushing_hand|block five halt high
🫸 rightwards_pushing_hand|block five halt high
👌 ok_hand|awesome bet dope fleek
🤌 pinched_fingers|gesture hand hold huh
🤏 pinching_hand|amount bit fingers little
✌️ v|hand peace victory
🤞 crossed_fingers|cross finger hand luck
🫰 hand_with_index_finger_and_thumb_crossed|<3 expensive heart love
🤟 love_you_gesture|fingers hand ily love-you
🤘 metal|finger hand horns rock-on
🤙 call_me_hand|hang loose shaka
👈️ point_left|backhand finger hand index
👉️ point_right|backhand finger hand index
👆️ point_up_2|backhand finger hand index
🖕 fu middle_finger|hand
👇️ point_down|backhand finger hand index
☝️ point_up|finger hand index pointing
🫵 index_pointing_at_the_viewer|finger hand poke you
👍️ +1 thumbsup|good hand like thumb
👎️ -1 thumbsdown|bad dislike down good
✊️ fist fist_raised|clenched hand punch solidarity
👊 facepunch fist_oncoming punch|absolutely agree boom bro
🤛 fist_left|left-facing leftwards
🤜 fist_right|right-facing rightwards
👏 clap|applause approval awesome congrats
🙌 raised_hands|celebration gesture hand hooray
🫶 heart_hands|<3 love you
👐 open_hands|hand hug jazz swerve
🤲 palms_up_together|cupped dua hands pray
🤝 handshake|agreement deal hand meeting
🙏 pray|appreciate ask beg blessed
✍️ writing_hand|write
💅 nail_care|bored cosmetics done makeup
🤳 selfie|camera phone
💪 muscle|arm beast bench biceps
🦾 mechanical_arm|accessibility prosthetic
🦿 mechanical_leg|accessibility prosthetic
🦵 leg|bent foot kick knee
🦶 foot|ankle feet kick stomp
👂️ ear|body ears hear hearing
🦻 ear_with_hearing_aid|accessibility hard
👃 nose|body noses nosey odor
🧠 brain|intelligent smart
🫀 anatomical_heart|beat cardiology heartbeat organ
🫁 lungs|breath breathe exhalation inhalation
🦷 tooth|dentist pearly teeth white
🦴 bone|bones dog skeleton wishbone
👀 eyes|body eye face googly
👁️ eye|1 body one
👅 tongue|body lick slurp
👄 lips|beauty body kiss kissing
🫦 biting_lip|anxious bite fear flirt
👶 baby|babies children goo infant
🧒 child|bright-eyed grandchild kid young
👦 boy|bright-eyed child grandson kid
👧 girl|bright-eyed child daughter granddaughter
🧑 adult|
👱 blond_haired_person|blond-haired human
👨 man|adult bro
🧔 bearded_person|beard whiskers
🧔‍♂️ man_beard|bearded whiskers
🧔‍♀️ woman_beard|bearded whiskers
👨‍🦰 red_haired_man|adult bro
👨‍🦱 curly_haired_man|adult bro
👨‍🦳 white_haired_man|adult bro
👨‍🦲 bald_man|adult bro
👩 woman|adult lady
👩‍🦰 red_haired_woman|adult lady
🧑‍🦰 person_red_hair|adult
👩‍🦱 curly_haired_woman|adult lady
🧑‍🦱 person_curly_hair|adult
👩‍🦳 white_haired_woman|adult lady
🧑‍🦳 person_white_hair|adult
👩‍🦲 bald_woman|adult lady
🧑‍🦲 person_bald|adult
👱‍♀️ blond_haired_woman blonde_woman|blond-haired hair
👱‍♂️ blond_haired_man|blond-haired hair
🧓 older_adult|elderly grandparent old person
👴 older_man|adult bald elderly gramps
👵 older_woman|adult elderly grandma grandmother
🙍 frowning_person|annoyed disappointed disgruntled disturbed
🙍‍♂️ frowning_man|annoyed disappointed disgruntled disturbed
🙍‍♀️ frowning_woman|annoyed disappointed disgruntled disturbed
🙎 pouting_face|disappointed downtrodden frown grimace
🙎‍♂️ pouting_man|disappointed downtrodden frown grimace
🙎‍♀️ pouting_woman|disappointed downtrodden frown grimace
🙅 no_good|forbidden gesture hand not
🙅‍♂️ ng_man no_good_man|forbidden gesture hand not
🙅‍♀️ ng_woman no_good_woman|forbidden gesture hand not
🙆 ok_person|exercise gesture gesturing hand
🙆‍♂️ ok_man|exercise gesture gesturing hand
🙆‍♀️ ok_woman|exercise gesture gesturing hand
💁 information_desk_person tipping_hand_person|fetch flick flip gossip
💁‍♂️ sassy_man tipping_hand_man|fetch flick flip gossip
💁‍♀️ sassy_woman tipping_hand_woman|fetch flick flip gossip
🙋 raising_hand|gesture here know me
🙋‍♂️ raising_hand_man|gesture here know me
🙋‍♀️ raising_hand_woman|gesture here know me
🧏 deaf_person|accessibility ear gesture hear
🧏‍♂️ deaf_man|accessibility ear gesture hear
🧏‍♀️ deaf_woman|accessibility ear gesture hear
🙇 bow|apology ask beg bowing
🙇‍♂️ bowing_man|apology ask beg bow
🙇‍♀️ bowing_woman|apology ask beg bow
🤦 facepalm|again bewilder disbelief exasperation
🤦‍♂️ man_facepalming|again bewilder disbelief exasperation
🤦‍♀️ woman_facepalming|again bewilder disbelief exasperation
🤷 shrug|doubt dunno guess idk
🤷‍♂️ man_shrugging|doubt dunno guess idk
🤷‍♀️ woman_shrugging|doubt dunno guess idk
🧑‍⚕️ health_worker|doctor healthcare nurse therapist
👨‍⚕️ man_health_worker|doctor healthcare nurse therapist
👩‍⚕️ woman_health_worker|doctor healthcare nurse therapist
🧑‍🎓 student|graduate
👨‍🎓 man_student|graduate
👩‍🎓 woman_student|graduate
🧑‍🏫 teacher|instructor lecturer professor
👨‍🏫 man_teacher|instructor lecturer professor
👩‍🏫 woman_teacher|instructor lecturer professor
🧑‍⚖️ judge|justice law scales
👨‍⚖️ man_judge|justice law scales
👩‍⚖️ woman_judge|justice law scales
🧑‍🌾 farmer|gardener rancher
👨‍🌾 man_farmer|gardener rancher
👩‍🌾 woman_farmer|gardener rancher
🧑‍🍳 cook|chef
👨‍🍳 man_cook|chef
👩‍🍳 woman_cook|chef
🧑‍🔧 mechanic|electrician plumber tradesperson
👨‍🔧 man_mechanic|electrician plumber tradesperson
👩‍🔧 woman_mechanic|electrician plumber tradesperson
🧑‍🏭 factory_worker|assembly industrial
👨‍🏭 man_factory_worker|assembly industrial
👩‍🏭 woman_factory_worker|assembly industrial
🧑‍💼 office_worker|architect business manager white-collar
👨‍💼 man_office_worker|architect business manager white-collar
👩‍💼 woman_office_worker|architect business manager white-collar
🧑‍🔬 scientist|biologist chemist engineer mathematician
👨‍🔬 man_scientist|biologist chemist engineer mathematician
👩‍🔬 woman_scientist|biologist chemist engineer mathematician
🧑‍💻 technologist|coder computer developer inventor
👨‍💻 man_technologist|coder computer developer inventor
👩‍💻 woman_technologist|coder computer developer inventor
🧑‍🎤 singer|actor entertainer rock rockstar
👨‍🎤 man_singer|actor entertainer rock rockstar
👩‍🎤 woman_singer|actor entertainer rock rockstar
🧑‍🎨 artist|palette
👨‍🎨 man_artist|palette
👩‍🎨 woman_artist|palette
🧑‍✈️ pilot|plane
👨‍✈️ man_pilot|plane
👩‍✈️ woman_pilot|plane
🧑‍🚀 astronaut|rocket space
👨‍🚀 man_astronaut|rocket space
👩‍🚀 woman_astronaut|rocket space
🧑‍🚒 firefighter|fire firetruck
👨‍🚒 man_firefighter|fire firetruck
👩‍🚒 woman_firefighter|fire firetruck
👮 cop police_officer|apprehend arrest citation law
👮‍♂️ policeman|apprehend arrest citation cop
👮‍♀️ policewoman|apprehend arrest citation cop
🕵️ detective|sleuth spy
🕵️‍♂️ male_detective|man sleuth spy
🕵️‍♀️ female_detective|sleuth spy woman
💂 guard|buckingham helmet london palace
💂‍♂️ guardsman|buckingham guard helmet london
💂‍♀️ guardswoman|buckingham guard helmet london
🥷 ninja|assassin fight fighter hidden
👷 construction_worker|build fix hardhat hat
👷‍♂️ construction_worker_man|build fix hardhat hat
👷‍♀️ construction_worker_woman|build fix hardhat hat
🫅 person_with_crown|monarch noble regal royal
🤴 prince|crown fairy fairytale fantasy
👸 princess|crown fairy fairytale fantasy
👳 person_with_turban|wearing
👳‍♂️ man_with_turban|wearing
👳‍♀️ woman_with_turban|wearing
👲 man_with_gua_pi_mao|cap chinese guapi hat
🧕 woman_with_headscarf|bandana head hijab kerchief
🤵 person_in_tuxedo|formal wedding
🤵‍♂️ man_in_tuxedo|formal groom wedding
🤵‍♀️ woman_in_tuxedo|formal wedding
👰 person_with_veil|wedding
👰‍♂️ man_with_veil|wedding
👰‍♀️ bride_with_veil woman_with_veil|wedding
🤰 pregnant_woman|
🫃 pregnant_man|belly bloated full overeat
🫄 pregnant_person|belly bloated full overeat
🤱 breast_feeding|baby mom mother nursing
👩‍🍼 woman_feeding_baby|feed mom mother nanny
👨‍🍼 man_feeding_baby|dad father feed nanny
🧑‍🍼 person_feeding_baby|feed nanny newborn nursing
👼 angel|baby church face fairy
🎅 santa|celebration christmas claus fairy
🤶 mrs_claus|celebration christmas fairy fantasy
🧑‍🎄 mx_claus|celebration christmas fairy fantasy
🦸 superhero|good hero superpower
🦸‍♂️ superhero_man|good hero superpower
🦸‍♀️ superhero_woman|good hero heroine superpower
🦹 supervillain|bad criminal evil superpower
🦹‍♂️ supervillain_man|bad criminal evil superpower
🦹‍♀️ supervillain_woman|bad criminal evil superpower
🧙 mage|fantasy magic play sorcerer
🧙‍♂️ mage_man|fantasy magic play sorcerer
🧙‍♀️ mage_woman|fantasy magic play sorcerer
🧚 fairy|fairytale fantasy myth person
🧚‍♂️ fairy_man|fairytale fantasy myth oberon
🧚‍♀️ fairy_woman|fairytale fantasy myth person
🧛 vampire|blood dracula fangs halloween
🧛‍♂️ vampire_man|blood fangs halloween scary
🧛‍♀️ vampire_woman|blood fangs halloween scary
🧜 merperson|creature fairytale folklore ocean
🧜‍♂️ merman|creature fairytale folklore neptune
🧜‍♀️ mermaid|creature fairytale folklore merwoman
🧝 elf|elves enchantment fantasy folklore
🧝‍♂️ elf_man|elves enchantment fantasy folklore
🧝‍♀️ elf_woman|elves enchantment fantasy folklore
🧞 genie|djinn fantasy jinn lamp
🧞‍♂️ genie_man|djinn fantasy jinn lamp
🧞‍♀️ genie_woman|djinn fantasy jinn lamp
🧟 zombie|apocalypse dead halloween horror
🧟‍♂️ zombie_man|apocalypse dead halloween horror
🧟‍♀️ zombie_woman|apocalypse dead halloween horror
🧌 troll|fairy fantasy monster tale
💆 massage|face getting headache person
💆‍♂️ massage_man|face getting headache relax
💆‍♀️ massage_woman|face getting headache relax
💇 haircut|barber beauty chop cosmetology
💇‍♂️ haircut_man|barber beauty chop cosmetology
💇‍♀️ haircut_woman|barber beauty chop cosmetology
🚶 walking|amble gait hike man
🚶‍♂️ walking_man|amble gait hike pace
🚶‍♀️ walking_woman|amble gait hike man
🧍 standing_person|stand
🧍‍♂️ standing_man|stand
🧍‍♀️ standing_woman|stand
🧎 kneeling_person|kneel knees
🧎‍♂️ kneeling_man|kneel knees
🧎‍♀️ kneeling_woman|kneel knees
🧑‍🦯 person_with_probing_cane|accessibility blind white
👨‍🦯 man_with_probing_cane|accessibility blind white
👩‍🦯 woman_with_probing_cane|accessibility blind white
🧑‍🦼 person_in_motorized_wheelchair|accessibility
👨‍🦼 man_in_motorized_wheelchair|accessibility
👩‍🦼 woman_in_motorized_wheelchair|accessibility
🧑‍🦽 person_in_manual_wheelchair|accessibility
👨‍🦽 man_in_manual_wheelchair|accessibility
👩‍🦽 woman_in_manual_wheelchair|accessibility
🏃 runner running|fast hurry marathon move
🏃‍♂️ running_man|fast hurry marathon move
🏃‍♀️ running_woman|fast hurry marathon move
💃 dancer woman_dancing|dance elegant festive flair
🕺 man_dancing|dance dancer elegant festive
🕴️ business_suit_levitating|person
👯 dancers|bestie bff bunny counterpart
👯‍♂️ dancing_men|bestie bff bunny counterpart
👯‍♀️ dancing_women|bestie bff bunny counterpart
🧖 sauna_person|day luxurious pamper relax
🧖‍♂️ sauna_man|day luxurious pamper relax
🧖‍♀️ sauna_woman|day luxurious pamper relax
🧗 climbing|climb climber mountain person
🧗‍♂️ climbing_man|climb climber mountain rock
🧗‍♀️ climbing_woman|climb climber mountain rock
🤺 person_fencing|fencer sword
🏇 horse_racing|jockey racehorse riding sport
⛷️ skier|ski snow
🏂️ snowboarder|ski snow snowboard sport
🏌️ golfing|ball birdie caddy driving
🏌️‍♂️ golfing_man|ball birdie caddy driving
🏌️‍♀️ golfing_woman|ball birdie caddy driving
🏄️ surfer|beach ocean person sport
🏄‍♂️ surfing_man|beach ocean sport surf
🏄‍♀️ surfing_woman|beach ocean person sport
🚣 rowboat|boat canoe cruise fishing
🚣‍♂️ rowing_man|boat canoe cruise fishing
🚣‍♀️ rowing_woman|boat canoe cruise fishing
🏊️ swimmer|freestyle person sport swim
🏊‍♂️ swimming_man|freestyle sport swim swimmer
🏊‍♀️ swimming_woman|freestyle man sport swim
⛹️ bouncing_ball_person|athletic basketball championship dribble
⛹️‍♂️ basketball_man bouncing_ball_man|athletic championship dribble net
⛹️‍♀️ basketball_woman bouncing_ball_woman|athletic championship dribble net
🏋️ weight_lifting|barbell bodybuilder deadlift lifter
🏋️‍♂️ weight_lifting_man|barbell bodybuilder deadlift lifter
🏋️‍♀️ weight_lifting_woman|barbell bodybuilder deadlift lifter
🚴 bicyclist|bicycle bike biking cycle
🚴‍♂️ biking_man|bicycle bicyclist bike cycle
🚴‍♀️ biking_woman|bicycle bicyclist bike cycle
🚵 mountain_bicyclist|bicycle bike biking cycle
🚵‍♂️ mountain_biking_man|bicycle bicyclist bike cycle
🚵‍♀️ mountain_biking_woman|bicycle bicyclist bike cycle
🤸 cartwheeling|active cartwheel excited flip
🤸‍♂️ man_cartwheeling|active cartwheel excited flip
🤸‍♀️ woman_cartwheeling|active cartwheel excited flip
🤼 wrestling|combat duel grapple people
🤼‍♂️ men_wrestling|combat duel grapple ring
🤼‍♀️ women_wrestling|combat duel grapple ring
🤽 water_polo|person playing sport swimming
🤽‍♂️ man_playing_water_polo|sport swimming waterpolo
🤽‍♀️ woman_playing_water_polo|sport swimming waterpolo
🤾 handball_person|athletics ball catch chuck
🤾‍♂️ man_playing_handball|athletics ball catch chuck
🤾‍♀️ woman_playing_handball|athletics ball catch chuck
🤹 juggling_person|act balance balancing handle
🤹‍♂️ man_juggling|act balance balancing handle
🤹‍♀️ woman_juggling|act balance balancing handle
🧘 lotus_position|cross legged legs meditation
🧘‍♂️ lotus_position_man|cross legged legs meditation
🧘‍♀️ lotus_position_woman|cross legged legs meditation
🛀 bath|bathtub person taking tub
🛌 sleeping_bed|bedtime good goodnight hotel
🧑‍🤝‍🧑 people_holding_hands|bae bestie bff couple
👭 two_women_holding_hands|bae bestie bff couple
👫 couple|bae bestie bff dating
👬 two_men_holding_hands|bae bestie bff boys
💏 couplekiss|anniversary babe bae couple
👩‍❤️‍💋‍👨 couplekiss_man_woman|anniversary babe bae couple
👨‍❤️‍💋‍👨 couplekiss_man_man|anniversary babe bae couple
👩‍❤️‍💋‍👩 couplekiss_woman_woman|anniversary babe bae couple
💑 couple_with_heart|anniversary babe bae dating
👩‍❤️‍👨 couple_with_heart_woman_man|anniversary babe bae dating
👨‍❤️‍👨 couple_with_heart_man_man|anniversary babe bae dating
👩‍❤️‍👩 couple_with_heart_woman_woman|anniversary babe bae dating
👨‍👩‍👦 family_man_woman_boy|child
👨‍👩‍👧 family_man_woman_girl|child
👨‍👩‍👧‍👦 family_man_woman_girl_boy|child
👨‍👩‍👦‍👦 family_man_woman_boy_boy|child
👨‍👩‍👧‍👧 family_man_woman_girl_girl|child
👨‍👨‍👦 family_man_man_boy|child
👨‍👨‍👧 family_man_man_girl|child
👨‍👨‍👧‍👦 family_man_man_girl_boy|child
👨‍👨‍👦‍👦 family_man_man_boy_boy|child
👨‍👨‍👧‍👧 family_man_man_girl_girl|child
👩‍👩‍👦 family_woman_woman_boy|child
👩‍👩‍👧 family_woman_woman_girl|child
👩‍👩‍👧‍👦 family_woman_woman_girl_boy|child
👩‍👩‍👦‍👦 family_woman_woman_boy_boy|child
👩‍👩‍👧‍👧 family_woman_woman_girl_girl|child
👨‍👦 family_man_boy|child
👨‍👦‍👦 family_man_boy_boy|child
👨‍👧 family_man_girl|child
👨‍👧‍👦 family_man_girl_boy|child
👨‍👧‍👧 family_man_girl_girl|child
👩‍👦 family_woman_boy|child
👩‍👦‍👦 family_woman_boy_boy|child
👩‍👧 family_woman_girl|child
👩‍👧‍👦 family_woman_girl_boy|child
👩‍👧‍👧 family_woman_girl_girl|child
🗣️ speaking_head|face silhouette speak
👤 bust_in_silhouette|mysterious shadow
👥 busts_in_silhouette|bff bust everyone friend
🫂 people_hugging|comfort embrace farewell friendship
👪️ family|child
👣 footprints|barefoot clothing footprint omw
🐵 monkey_face|animal banana
🐒 monkey|animal banana
🦍 gorilla|animal
🦧 orangutan|animal ape monkey
🐶 dog|adorbs animal face pet
🐕️ dog2|animal animals dogs pet
🦮 guide_dog|accessibility animal blind
🐕‍🦺 service_dog|accessibility animal assistance
🐩 poodle|animal dog fluffy
🐺 wolf|animal face
🦊 fox_face|animal
🦝 raccoon|animal curious sly
🐱 cat|animal face kitten kitty
🐈️ cat2|animal animals cats kitten
🐈‍⬛ black_cat|animal feline halloween meow
🦁 lion|alpha animal face leo
🐯 tiger|animal big cat face
🐅 tiger2|animal big cat predator
🐆 leopard|animal big cat predator
🐴 horse|animal dressage equine face
🫎 moose|alces animal antlers elk
🫏 donkey|animal ass burro hinny
🐎 racehorse|animal equestrian farm racing
🦄 unicorn|face
🦓 zebra|animal stripe
🦌 deer|animal
🦬 bison|animal buffalo herd wisent
🐮 cow|animal face farm milk
🐂 ox|animal animals bull farm
🐃 water_buffalo|animal zoo
🐄 cow2|animal animals farm milk
🐷 pig|animal bacon face farm
🐖 pig2|animal bacon farm pork
🐗 boar|animal pig
🐽 pig_nose|animal face farm smell
🐏 ram|animal aries horns male
🐑 sheep|animal baa farm female
🐐 goat|animal capricorn farm milk
🐪 dromedary_camel|animal desert hump one
🐫 camel|animal bactrian desert hump
🦙 llama|alpaca animal guanaco vicuña
🦒 giraffe|animal spots
🐘 elephant|animal
🦣 mammoth|animal extinction large tusk
🦏 rhinoceros|animal
🦛 hippopotamus|animal hippo
🐭 mouse|animal face
🐁 mouse2|animal animals
🐀 rat|animal
🐹 hamster|animal face pet
🐰 rabbit|animal bunny face pet
🐇 rabbit2|animal bunny pet
🐿️ chipmunk|animal squirrel
🦫 beaver|animal dam teeth
🦔 hedgehog|animal spiny
🦇 bat|animal vampire
🐻 bear|animal face grizzly growl
🐻‍❄️ polar_bear|animal arctic white
🐨 koala|animal australia bear down
🐼 panda_face|animal bamboo
🦥 sloth|lazy slow
🦦 otter|animal fishing playful
🦨 skunk|animal stink
🦘 kangaroo|animal joey jump marsupial
🦡 badger|animal honey pester
🐾 feet paw_prints|paws print
🦃 turkey|bird gobble thanksgiving
🐔 chicken|animal bird ornithology
🐓 rooster|animal bird ornithology
🐣 hatching_chick|animal baby bird egg
🐤 baby_chick|animal bird ornithology
🐥 hatched_chick|animal baby bird front-facing
🐦️ bird|animal ornithology
🐧 penguin|animal antarctica bird ornithology
🕊️ dove|bird fly ornithology peace
🦅 eagle|animal bird ornithology
🦆 duck|animal bird ornithology
🦢 swan|animal bird cygnet duckling
🦉 owl|animal bird ornithology wise
🦤 dodo|animal bird extinction large
🪶 feather|bird flight light plumage
🦩 flamingo|animal bird flamboyant ornithology
🦚 peacock|animal bird colorful ornithology
🦜 parrot|animal bird ornithology pirate
🪽 wing|angelic ascend aviation bird
🐦‍⬛ black_bird|animal beak caw corvid
🪿 goose|animal bird duck flock
🐸 frog|animal face
🐊 crocodile|animal zoo
🐢 turtle|animal terrapin tortoise
🦎 lizard|animal reptile
🐍 snake|animal bearer ophiuchus serpent
🐲 dragon_face|animal fairy fairytale tale
🐉 dragon|animal fairy fairytale knights
🦕 sauropod|brachiosaurus brontosaurus dinosaur diplodocus
🦖 t-rex|dinosaur rex t tyrannosaurus
🐳 whale|animal beach face ocean
🐋 whale2|animal beach ocean
🐬 dolphin flipper|animal beach ocean
🦭 seal|animal lion ocean sea
🐟️ fish|animal dinner fishes fishing
🐠 tropical_fish|animal fishes
🐡 blowfish|animal fish
🦈 shark|animal fish
🐙 octopus|animal creature ocean
🐚 shell|animal beach conch sea
🪸 coral|change climate ocean reef
🪼 jellyfish|animal aquarium burn invertebrate
🦀 crab|cancer zodiac
🦞 lobster|animal bisque claws seafood
🦐 shrimp|food shellfish small
🦑 squid|animal food mollusk
🦪 oyster|diving pearl
🐌 snail|animal escargot garden nature
🦋 butterfly|insect pretty
🐛 bug|animal garden insect
🐜 ant|animal garden insect
🐝 bee honeybee|animal bumblebee honey insect
🪲 beetle|animal bug insect
🐞 lady_beetle|animal garden insect ladybird
🦗 cricket|animal bug grasshopper insect
🪳 cockroach|animal insect pest roach
🕷️ spider|animal insect
🕸️ spider_web|
🦂 scorpion|scorpio scorpius zodiac
🦟 mosquito|bite disease fever insect
🪰 fly|animal disease insect maggot
🪱 worm|animal annelid earthworm parasite
🦠 microbe|amoeba bacteria science virus
💐 bouquet|anniversary birthday date flower
🌸 cherry_blossom|flower plant spring springtime
💮 white_flower|
🪷 lotus|beauty buddhism calm flower
🏵️ rosette|plant
🌹 rose|beauty elegant flower love
🥀 wilted_flower|dying
🌺 hibiscus|flower plant
🌻 sunflower|flower outdoors plant sun
🌼 blossom|buttercup dandelion flower plant
🌷 tulip|blossom flower growth plant
🪻 hyacinth|bloom bluebonnet flower indigo
🌱 seedling|plant sapling sprout young
🪴 potted_plant|decor grow house nurturing
🌲 evergreen_tree|christmas forest pine
🌳 deciduous_tree|forest green habitat shedding
🌴 palm_tree|beach plant tropical
🌵 cactus|desert drought nature plant
🌾 ear_of_rice|grain grains plant sheaf
🌿 herb|leaf plant
☘️ shamrock|irish plant
🍀 four_leaf_clover|4 four-leaf irish lucky
🍁 maple_leaf|falling
🍂 fallen_leaf|autumn fall falling
🍃 leaves|blow flutter fluttering leaf
🪹 empty_nest|branch home nesting
🪺 nest_with_eggs|bird branch egg nesting
🍄 mushroom|fungus toadstool
🍇 grapes|dionysus fruit grape
🍈 melon|cantaloupe fruit
🍉 watermelon|fruit
🍊 mandarin orange tangerine|c citrus fruit nectarine
🍋 lemon|citrus fruit sour
🍌 banana|fruit potassium
🍍 pineapple|colada fruit pina tropical
🥭 mango|food fruit tropical
🍎 apple|diet food fruit health
🍏 green_apple|fruit
🍐 pear|fruit
🍑 peach|fruit
🍒 cherries|berries cherry fruit red
🍓 strawberry|berry fruit
🫐 blueberries|berries berry bilberry blue
🥝 kiwi_fruit|food
🍅 tomato|food fruit vegetable
🫒 olive|food
🥥 coconut|colada palm piña
🥑 avocado|food fruit
🍆 eggplant|aubergine vegetable
🥔 potato|food vegetable
🥕 carrot|food vegetable
🌽 corn|crops ear farm maize
🌶️ hot_pepper|
🫑 bell_pepper|capsicum food vegetable
🥒 cucumber|food pickle vegetable
🥬 leafy_green|bok burgers cabbage choy
🥦 broccoli|cabbage wild
🧄 garlic|flavoring
🧅 onion|flavoring
🥜 peanuts|food nut peanut vegetable
🫘 beans|food kidney legume small
🌰 chestnut|almond plant
🫚 ginger_root|beer health herb natural
🫛 pea_pod|beans beanstalk edamame legume
🍞 bread|carbs food grain loaf
🥐 croissant|bread breakfast crescent food
🥖 baguette_bread|food french
🫓 flatbread|arepa bread food gordita
🥨 pretzel|convoluted twisted
🥯 bagel|bakery bread breakfast schmear
🥞 pancakes|breakfast crêpe food hotcake
🧇 waffle|breakfast indecisive iron
🧀 cheese|wedge
🍖 meat_on_bone|
🍗 poultry_leg|bone chicken drumstick hungry
🥩 cut_of_meat|chop lambchop porkchop red
🥓 bacon|breakfast food meat
🍔 hamburger|burger eat fast food
🍟 fries|fast food french
🍕 pizza|cheese food hungry pepperoni
🌭 hotdog|dog frankfurter hot sausage
🥪 sandwich|bread
🌮 taco|mexican
🌯 burrito|mexican wrap
🫔 tamale|food mexican pamonha wrapped
🥙 stuffed_flatbread|falafel food gyro kebab
🧆 falafel|chickpea meatball
🥚 egg|breakfast food
🍳 fried_egg|breakfast easy fry frying
🥘 shallow_pan_of_food|casserole paella
🍲 stew|food pot soup
🫕 fondue|cheese chocolate food melted
🥣 bowl_with_spoon|breakfast cereal congee oatmeal
🥗 green_salad|food
🍿 popcorn|corn movie pop
🧈 butter|dairy
🧂 salt|condiment flavor mad salty
🥫 canned_food|can
🍱 bento|box food
🍘 rice_cracker|food
🍙 rice_ball|food japanese
🍚 rice|cooked food
🍛 curry|food rice
🍜 ramen|bowl chopsticks food noodle
🍝 spaghetti|food meatballs pasta restaurant
🍠 sweet_potato|food roasted
🍢 oden|food kebab restaurant seafood
🍣 sushi|food
🍤 fried_shrimp|prawn tempura
🍥 fish_cake|food pastry restaurant swirl
🥮 moon_cake|autumn festival yuèbǐng
🍡 dango|dessert japanese skewer stick
🥟 dumpling|empanada gyōza jiaozi pierogi
🥠 fortune_cookie|prophecy
🥡 takeout_box|chopsticks delivery food oyster
🍦 icecream|cream dessert food ice
🍧 shaved_ice|dessert restaurant sweet
🍨 ice_cream|dessert food restaurant sweet
🍩 doughnut|breakfast dessert donut food
🍪 cookie|chip chocolate dessert sweet
🎂 birthday|bday cake celebration dessert
🍰 cake|dessert pastry slice sweet
🧁 cupcake|bakery dessert sprinkles sugar
🥧 pie|apple filling fruit meat
🍫 chocolate_bar|candy dessert halloween sweet
🍬 candy|cavities dessert halloween restaurant
🍭 lollipop|candy dessert food restaurant
🍮 custard|dessert pudding sweet
🍯 honey_pot|barrel bear food honeypot
🍼 baby_bottle|babies birth born drink
🥛 milk_glass|drink
☕️ coffee|beverage cafe caffeine chai
🫖 teapot|brew drink food pot
🍵 tea|beverage cup drink handle
🍶 sake|bar beverage bottle cup
🍾 champagne|bar bottle cork drink
🍷 wine_glass|alcohol bar beverage booze
🍸️ cocktail|alcohol bar booze club
🍹 tropical_drink|alcohol bar booze club
🍺 beer|alcohol ale bar booze
🍻 beers|alcohol bar beer booze
🥂 clinking_glasses|celebrate clink drink glass
🥃 tumbler_glass|liquor scotch shot whiskey
🫗 pouring_liquid|accident drink empty glass
🥤 cup_with_straw|drink juice malt soda
🧋 bubble_tea|boba food milk pearl
🧃 beverage_box|juice straw sweet
🧉 mate|drink
🧊 ice_cube|cold iceberg
🥢 chopsticks|hashi jeotgarak kuaizi
🍽️ plate_with_cutlery|cooking dinner eat fork
🍴 fork_and_knife|breakfast breaky cooking cutlery
🥄 spoon|eat tableware
🔪 hocho knife|chef cooking kitchen tool
🫙 jar|condiment container empty nothing
🏺 amphora|aquarius cooking drink jug
🌍️ earth_africa|europe europe-africa globe showing
🌎️ earth_americas|globe showing world
🌏️ earth_asia|asia-australia australia globe showing
🌐 globe_with_meridians|earth internet web world
🗺️ world_map|
🗾 japan|map
🧭 compass|direction magnetic navigation orienteering
🏔️ mountain_snow|cold snow-capped
⛰️ mountain|
🌋 volcano|eruption mountain nature
🗻 mount_fuji|mountain nature
🏕️ camping|
🏖️ beach_umbrella|
🏜️ desert|
🏝️ desert_island|
🏞️ national_park|
🏟️ stadium|
🏛️ classical_building|
🏗️ building_construction|crane
🧱 bricks|clay mortar wall
🪨 rock|boulder heavy solid stone
🪵 wood|log lumber timber
🛖 hut|home house roundhouse shelter
🏘️ houses|house
🏚️ derelict_house|home
🏠️ house|building country heart home
🏡 house_with_garden|building country heart home
🏢 office|building city cubical job
🏣 post_office|building japanese
🏤 european_post_office|building
🏥 hospital|building doctor medicine
🏦 bank|building
🏨 hotel|building
🏩 love_hotel|building
🏪 convenience_store|24 building hours
🏫 school|building
🏬 department_store|building
🏭️ factory|building
🏯 japanese_castle|building
🏰 european_castle|building
💒 wedding|chapel hitched nuptials romance
🗼 tokyo_tower|
🗽 statue_of_liberty|new ny nyc york
⛪️ church|bless chapel christian cross
🕌 mosque|islam masjid muslim religion
🛕 hindu_temple|
🕍 synagogue|jew jewish judaism religion
⛩️ shinto_shrine|religion
🕋 kaaba|hajj islam muslim religion
⛲️ fountain|
⛺️ tent|camping
🌁 foggy|fog
🌃 night_with_stars|star
🏙️ cityscape|city
🌄 sunrise_over_mountains|morning sun
🌅 sunrise|morning nature sun
🌆 city_sunset|at building cityscape dusk
🌇 city_sunrise|building dusk sun
🌉 bridge_at_night|
♨️ hotsprings|hot springs steaming
🎠 carousel_horse|entertainment
🛝 playground_slide|amusement park play playing
🎡 ferris_wheel|amusement park theme
🎢 roller_coaster|amusement park theme
💈 barber|cut fresh haircut pole
🎪 circus_tent|
🚂 steam_locomotive|caboose engine railway train
🚃 railway_car|electric train tram travel
🚄 bullettrain_side|high-speed railway shinkansen speed
🚅 bullettrain_front|bullet high-speed nose railway
🚆 train2|arrived choo railway
🚇️ metro|subway travel
🚈 light_rail|arrived monorail railway
🚉 station|railway train
🚊 tram|trolleybus
🚝 monorail|vehicle
🚞 mountain_railway|car trip
🚋 train|bus car tram trolley
🚌 bus|school vehicle
🚍️ oncoming_bus|cars
🚎 trolleybus|bus tram trolley
🚐 minibus|bus drive van vehicle
🚑️ ambulance|emergency vehicle
🚒 fire_engine|truck
🚓 police_car|5–0 cops patrol
🚔️ oncoming_police_car|
🚕 taxi|cab cabbie car drive
🚖 oncoming_taxi|cab cabbie cars drove
🚗 car red_car|driving vehicle
🚘️ oncoming_automobile|car cars drove vehicle
🚙 blue_car|drive recreational sport sportutility
🛻 pickup_truck|automobile car flatbed pick-up
🚚 truck|car delivery drive vehicle
🚛 articulated_lorry|car drive move semi
🚜 tractor|vehicle
🏎️ racing_car|zoom
🏍️ motorcycle|racing
🛵 motor_scooter|
🦽 manual_wheelchair|accessibility
🦼 motorized_wheelchair|accessibility
🛺 auto_rickshaw|tuk
🚲️ bike|class cycle cycling cyclist
🛴 kick_scooter|
🛹 skateboard|board skate skater wheels
🛼 roller_skate|blades skates sport
🚏 busstop|bus stop
🛣️ motorway|highway road
🛤️ railway_track|train
🛢️ oil_drum|
⛽️ fuelpump|diesel fuel gas gasoline
🛞 wheel|car circle tire turn
🚨 rotating_light|alarm alert beacon car
🚥 traffic_light|horizontal intersection signal stop
🚦 vertical_traffic_light|drove intersection signal stop
🛑 stop_sign|octagonal
🚧 construction|barrier
⚓️ anchor|ship tool
🛟 ring_buoy|float life lifesaver preserver
⛵️ boat sailboat|resort sailing sea yacht
🛶 canoe|boat
🚤 speedboat|billionaire boat lake luxury
🛳️ passenger_ship|
⛴️ ferry|boat passenger
🛥️ motor_boat|motorboat
🚢 ship|boat passenger travel
✈️ airplane|aeroplane fly flying jet
🛩️ small_airplane|aeroplane plane
🛫 flight_departure|aeroplane airplane check-in departures
🛬 flight_arrival|aeroplane airplane arrivals arriving
🪂 parachute|hang-glide parasail skydive
💺 seat|chair
🚁 helicopter|copter roflcopter travel vehicle
🚟 suspension_railway|
🚠 mountain_cableway|cable gondola lift ski
🚡 aerial_tramway|cable car gondola ropeway
🛰️ artificial_satellite|space
🚀 rocket|launch rockets space travel
🛸 flying_saucer|aliens extra terrestrial ufo
🛎️ bellhop_bell|hotel
🧳 luggage|bag packing roller suitcase
⌛️ hourglass|done sand time timer
⏳️ hourglass_flowing_sand|done hours not timer
⌚️ watch|clock time
⏰️ alarm_clock|hours hrs late time
⏱️ stopwatch|clock time
⏲️ timer_clock|
🕰️ mantelpiece_clock|time
🕛️ clock12|12 12:00 clock o’clock
🕧️ clock1230|12 12:30 30 clock
🕐️ clock1|1 1:00 clock one
🕜️ clock130|1 1:30 30 clock
🕑️ clock2|2 2:00 clock o’clock
🕝️ clock230|2 2:30 30 clock
🕒️ clock3|3 3:00 clock o’clock
🕞️ clock330|3 30 3:30 clock
🕓️ clock4|4 4:00 clock four
🕟️ clock430|30 4 4:30 clock
🕔️ clock5|5 5:00 clock five
🕠️ clock530|30 5 5:30 clock
🕕️ clock6|6 6:00 clock o’clock
🕡️ clock630|30 6 6:30 clock
🕖️ clock7|0 7 7:00 clock
🕢️ clock730|30 7 7:30 clock
🕗️ clock8|8 8:00 clock eight
🕣️ clock830|30 8 8:30 clock
🕘️ clock9|9 9:00 clock nine
🕤️ clock930|30 9 9:30 clock
🕙️ clock10|0 10 10:00 clock
🕥️ clock1030|10 10:30 30 clock
🕚️ clock11|11 11:00 clock eleven
🕦️ clock1130|11 11:30 30 clock
🌑 new_moon|dark space
🌒 waxing_crescent_moon|dreams space
🌓 first_quarter_moon|space
🌔 moon waxing_gibbous_moon|space
🌕️ full_moon|space
🌖 waning_gibbous_moon|space
🌗 last_quarter_moon|space
🌘 waning_crescent_moon|space
🌙 crescent_moon|ramadan space
🌚 new_moon_with_face|space
🌛 first_quarter_moon_with_face|space
🌜️ last_quarter_moon_with_face|dreams
🌡️ thermometer|weather
☀️ sunny|bright rays space weather
🌝 full_moon_with_face|bright
🌞 sun_with_face|beach bright day heat
🪐 ringed_planet|saturn saturnine
⭐️ star|astronomy medium stars white
🌟 star2|glittery glow glowing night
🌠 stars|falling night shooting space
🌌 milky_way|space
☁️ cloud|weather
⛅️ partly_sunny|behind cloud cloudy sun
⛈️ cloud_with_lightning_and_rain|thunder thunderstorm
🌤️ sun_behind_small_cloud|weather
🌥️ sun_behind_large_cloud|weather
🌦️ sun_behind_rain_cloud|weather
🌧️ cloud_with_rain|weather
🌨️ cloud_with_snow|cold weather
🌩️ cloud_with_lightning|weather
🌪️ tornado|cloud weather whirlwind
🌫️ fog|cloud weather
🌬️ wind_face|blow cloud
🌀 cyclone|dizzy hurricane twister typhoon
🌈 rainbow|gay genderqueer glbt glbtq
🌂 closed_umbrella|clothing rain
☂️ open_umbrella|clothing rain
☔️ umbrella|clothing drop drops rain
⛱️ parasol_on_ground|rain sun umbrella
⚡️ zap|danger electric electricity high
❄️ snowflake|cold snow weather
☃️ snowman_with_snow|cold man
⛄️ snowman|cold man snow
☄️ comet|space
🔥 fire|af burn flame hot
💧 droplet|cold comic drop nature
🌊 ocean|nature surf surfer surfing
🎃 jack_o_lantern|celebration halloween pumpkin
🎄 christmas_tree|celebration
🎆 fireworks|boom celebration entertainment yolo
🎇 sparkler|boom celebration fireworks sparkle
🧨 firecracker|dynamite explosive fire fireworks
✨️ sparkles|* magic sparkle star
🎈 balloon|birthday celebrate celebration
🎉 tada|awesome birthday celebrate celebration
🎊 confetti_ball|celebrate celebration party woohoo
🎋 tanabata_tree|banner celebration japanese
🎍 bamboo|celebration decoration japanese pine
🎎 dolls|celebration doll festival japanese
🎏 flags|carp celebration streamer
🎐 wind_chime|bell celebration
🎑 rice_scene|celebration ceremony moon viewing
🧧 red_envelope|gift good hóngbāo lai
🎀 ribbon|celebration
🎁 gift|birthday bow box celebration
🎗️ reminder_ribbon|celebration
🎟️ tickets|admission ticket
🎫 ticket|admission stub
🎖️ medal_military|award celebration
🏆️ trophy|champion champs prize slay
🏅 medal_sports|award gold winner
🥇 1st_place_medal|first gold
🥈 2nd_place_medal|second silver
🥉 3rd_place_medal|bronze third
⚽️ soccer|ball football futbol sport
⚾️ baseball|ball sport
🥎 softball|ball glove sports underarm
🏀 basketball|ball hoop sport
🏐 volleyball|ball game
🏈 football|american ball bowl sport
🏉 rugby_football|ball sport
🎾 tennis|ball racquet sport
🥏 flying_disc|ultimate
🎳 bowling|ball game sport strike
🏏 cricket_game|ball bat
🏑 field_hockey|ball game stick
🏒 ice_hockey|game puck stick
🥍 lacrosse|ball goal sports stick
🏓 ping_pong|ball bat game paddle
🏸 badminton|birdie game racquet shuttlecock
🥊 boxing_glove|
🥋 martial_arts_uniform|judo karate taekwondo
🥅 goal_net|
⛳️ golf|flag hole sport
⛸️ ice_skate|skating
🎣 fishing_pole_and_fish|entertainment sport
🤿 diving_mask|scuba snorkeling
🎽 running_shirt_with_sash|athletics
🎿 ski|snow sport
🛷 sled|luge sledge sleigh snow
🥌 curling_stone|game rock
🎯 dart|bull direct entertainment game
🪀 yo_yo|fluctuate toy
🪁 kite|fly soar
🔫 gun|handgun pistol revolver tool
🎱 8ball|8 ball billiard eight
🔮 crystal_ball|fairy fairytale fantasy fortune
🪄 magic_wand|magician witch wizard
🎮️ video_game|controller entertainment
🕹️ joystick|game video videogame
🎰 slot_machine|casino gamble gambling game
🎲 game_die|dice entertainment
🧩 jigsaw|clue interlocking piece puzzle
🧸 teddy_bear|plaything plush stuffed toy
🪅 pinata|candy celebrate celebration cinco
🪩 mirror_ball|dance disco glitter party
🪆 nesting_dolls|babooshka baboushka babushka doll
♠️ spades|card game spade suit
♥️ hearts|card emotion game heart
♦️ diamonds|card diamond game suit
♣️ clubs|card club game suit
♟️ chess_pawn|dupe expendable
🃏 black_joker|card game wildcard
🀄️ mahjong|dragon game red
🎴 flower_playing_cards|card game japanese
🎭️ performing_arts|actor actress art entertainment
🖼️ framed_picture|art frame museum painting
🎨 art|artist artsy arty colorful
🧵 thread|needle sewing spool string
🪡 sewing_needle|embroidery sew stitches sutures
🧶 yarn|ball crochet knit
🪢 knot|cord rope tangled tie
👓️ eyeglasses|clothing eye eyewear
🕶️ dark_sunglasses|eye eyewear glasses
🥽 goggles|dive eye protection scuba
🥼 lab_coat|clothes doctor dr experiment
🦺 safety_vest|emergency
👔 necktie|clothing employed serious shirt
👕 shirt tshirt|blue casual clothes clothing
👖 jeans|blue casual clothes clothing
🧣 scarf|bundle cold neck up
🧤 gloves|hand
🧥 coat|brr bundle cold jacket
🧦 socks|stocking
👗 dress|clothes clothing dressed fancy
👘 kimono|clothing comfortable
🥻 sari|clothing dress
🩱 one_piece_swimsuit|bathing one-piece suit
🩲 swim_brief|bathing one-piece suit swimsuit
🩳 shorts|bathing pants suit swimsuit
👙 bikini|bathing beach clothing pool
👚 womans_clothes|blouse clothing collar dress
🪭 folding_hand_fan|clack clap cool cooling
👛 purse|clothes clothing coin dress
👜 handbag|bag clothes clothing dress
👝 pouch|bag clothes clothing clutch
🛍️ shopping|bag bags hotel
🎒 school_satchel|backpacking bag bookbag education
🩴 thong_sandal|beach flip flop sandals
👞 mans_shoe shoe|brown clothes clothing feet
👟 athletic_shoe|clothes clothing fast kick
🥾 hiking_boot|backpacking brown camping outdoors
🥿 flat_shoe|ballet comfy flats slip-on
👠 high_heel|clothes clothing dress fashion
👡 sandal|clothing shoe woman woman’s
🩰 ballet_shoes|dance
👢 boot|clothes clothing dress shoe
🪮 hair_pick|afro comb groom
👑 crown|clothing family king medieval
👒 womans_hat|clothes clothing garden hats
🎩 tophat|clothes clothing fancy formal
🎓️ mortar_board|cap celebration clothing education
🧢 billed_cap|baseball bent dad hat
🪖 military_helmet|army soldier war warrior
⛑️ rescue_worker_helmet|aid cross face hat
📿 prayer_beads|clothing necklace religion
💄 lipstick|cosmetics date makeup
💍 ring|diamond engaged engagement married
💎 gem|diamond engagement jewel money
🔇 mute|muted quiet silent sound
🔈️ speaker|low soft sound volume
🔉 sound|medium speaker volume
🔊 loud_sound|high music speaker volume
📢 loudspeaker|address communication loud public
📣 mega|cheering sound
📯 postal_horn|post
🔔 bell|break church sound
🔕 no_bell|forbidden mute not prohibited
🎼 musical_score|music note
🎵 musical_note|music sound
🎶 notes|music musical note sound
🎙️ studio_microphone|mic music
🎚️ level_slider|music
🎛️ control_knobs|music
🎤 microphone|karaoke mic music sing
🎧️ headphones|earbud sound
📻️ radio|entertainment tbt video
🎷 saxophone|instrument music sax
🎺 trumpet|instrument music
🪗 accordion|box concertina instrument music
🎸 guitar|instrument music strat
🎹 musical_keyboard|instrument music piano
🎻 violin|instrument music
🪕 banjo|music stringed
🥁 drum|drumsticks music
🪘 long_drum|beat conga instrument rhythm
🪇 maracas|cha dance instrument music
🪈 flute|band fife flautist instrument
📱 iphone|cell communication mobile phone
📲 calling|arrow build call cell
☎️ phone telephone|
📞 telephone_receiver|communication phone voip
📟️ pager|communication
📠 fax|communication machine
🔋 battery|
🪫 low_battery|drained electronic energy power
🔌 electric_plug|electricity
💻️ computer|office pc personal
🖥️ desktop_computer|monitor
🖨️ printer|computer
⌨️ keyboard|computer
🖱️ computer_mouse|
🖲️ trackball|computer
💽 minidisc|computer disk minidisk optical
💾 floppy_disk|computer
💿️ cd|blu-ray computer disk dvd
📀 dvd|blu-ray cd computer disk
🧮 abacus|calculation calculator
🎥 movie_camera|bollywood cinema film hollywood
🎞️ film_strip|cinema frames movie
📽️ film_projector|cinema movie video
🎬️ clapper|action board movie
📺️ tv|video
📷️ camera|photo selfie snap tbt
📸 camera_flash|video
📹️ video_camera|camcorder tbt
📼 vhs|old school tape vcr
🔍️ mag|glass lab left left-pointing
🔎 mag_right|contact glass lab magnifying
🕯️ candle|light
💡 bulb|comic electric idea light
🔦 flashlight|electric light tool torch
🏮 izakaya_lantern lantern|bar light paper red
🪔 diya_lamp|light oil
📔 notebook_with_decorative_cover|book decorated education school
📕 closed_book|education
📖 book open_book|education fantasy knowledge library
📗 green_book|education fantasy library reading
📘 blue_book|education fantasy library reading
📙 orange_book|education fantasy library reading
📚️ books|book education fantasy knowledge
📓 notebook|
📒 ledger|notebook
📃 page_with_curl|document paper
📜 scroll|paper
📄 page_facing_up|document paper
📰 newspaper|communication news paper
🗞️ newspaper_roll|news paper rolled rolled-up
📑 bookmark_tabs|mark marker
🔖 bookmark|mark
🏷️ label|tag
🪙 coin|dollar euro gold metal
💰️ moneybag|bag bank bet billion
💴 yen|bank banknote bill currency
💵 dollar|bank banknote bill currency
💶 euro|100 bank banknote bill
💷 pound|bank banknote bill billion
💸 money_with_wings|bank banknote bill billion
💳️ credit_card|bank cash charge money
🧾 receipt|accounting bookkeeping evidence invoice
💹 chart|bank currency graph growth
✉️ envelope|e-mail email letter
📧 e-mail email|letter mail
📨 incoming_envelope|delivering e-mail email letter
📩 envelope_with_arrow|communication down e-mail email
📤️ outbox_tray|box email letter mail
📥️ inbox_tray|box email letter mail
📦️ package|box communication delivery parcel
📫️ mailbox|closed communication flag mail
📪️ mailbox_closed|flag lowered mail postbox
📬️ mailbox_with_mail|flag open postbox raised
📭️ mailbox_with_no_mail|flag lowered open postbox
📮 postbox|mail mailbox
🗳️ ballot_box|
✏️ pencil2|pencil
✒️ black_nib|pen
🖋️ fountain_pen|
🖊️ pen|ballpoint
🖌️ paintbrush|painting
🖍️ crayon|
📝 memo pencil|communication media notes
💼 briefcase|office
📁 file_folder|
📂 open_file_folder|
🗂️ card_index_dividers|
📅 date|
📆 calendar|tear-off
🗒️ spiral_notepad|note pad
🗓️ spiral_calendar|pad
📇 card_index|old rolodex school
📈 chart_with_upwards_trend|data graph growth increasing
📉 chart_with_downwards_trend|data decreasing down downward
📊 bar_chart|data graph
📋️ clipboard|do list notes
📌 pushpin|collage pin
📍 round_pushpin|location map pin
📎 paperclip|
🖇️ paperclips|link linked paperclip
📏 straight_ruler|angle edge math straightedge
📐 triangular_ruler|angle math rule set
✂️ scissors|cut cutting paper tool
🗃️ card_file_box|
🗄️ file_cabinet|filing paper
🗑️ wastebasket|can garbage trash waste
🔒️ lock|closed private
🔓️ unlock|cracked lock open
🔏 lock_with_ink_pen|locked nib privacy
🔐 closed_lock_with_key|bike locked secure
🔑 key|keys lock major password
🗝️ old_key|clue lock
🔨 hammer|home improvement repairs tool
🪓 axe|ax chop hatchet split
⛏️ pick|hammer mining tool
⚒️ hammer_and_pick|tool
🛠️ hammer_and_wrench|spanner tool
🗡️ dagger|knife weapon
⚔️ crossed_swords|weapon
💣️ bomb|boom comic dangerous explosion
🪃 boomerang|rebound repercussion weapon
🏹 bow_and_arrow|archer archery sagittarius tool
🛡️ shield|weapon
🪚 carpentry_saw|carpenter cut lumber tool
🔧 wrench|home improvement spanner tool
🪛 screwdriver|flathead handy screw tool
🔩 nut_and_bolt|home improvement tool
⚙️ gear|cog cogwheel tool
🗜️ clamp|compress tool vice
⚖️ balance_scale|justice libra scales tool
🦯 probing_cane|accessibility blind white
🔗 link|links
⛓️ chains|chain
🪝 hook|catch crook curve ensnare
🧰 toolbox|box chest mechanic red
🧲 magnet|attraction horseshoe magnetic negative
🪜 ladder|climb rung step
⚗️ alembic|chemistry tool
🧪 test_tube|chemist chemistry experiment lab
🧫 petri_dish|bacteria biologist biology culture
🧬 dna|biologist evolution gene genetics
🔬 microscope|experiment lab science tool
🔭 telescope|contact extraterrestrial science tool
📡 satellite|aliens antenna contact dish
💉 syringe|doctor flu medicine needle
🩸 drop_of_blood|bleed donation injury medicine
💊 pill|doctor drugs medicated medicine
🩹 adhesive_bandage|
🩼 crutch|aid cane disability help
🩺 stethoscope|doctor heart medicine
🩻 x_ray|bones doctor medical skeleton
🚪 door|back closet front
🛗 elevator|accessibility hoist lift
🪞 mirror|makeup reflection reflector speculum
🪟 window|air frame fresh opening
🛏️ bed|hotel sleep
🛋️ couch_and_lamp|hotel
🪑 chair|seat sit
🚽 toilet|bathroom
🪠 plunger|cup force plumber poop
🚿 shower|water
🛁 bathtub|bath
🪤 mouse_trap|bait cheese lure mousetrap
🪒 razor|sharp shave
🧴 lotion_bottle|moisturizer shampoo sunscreen
🧷 safety_pin|diaper punk rock
🧹 broom|cleaning sweeping witch
🧺 basket|farming laundry picnic
🧻 roll_of_paper|toilet towels
🪣 bucket|cask pail vat
🧼 soap|bar bathing clean cleaning
🫧 bubbles|bubble burp clean floating
🪥 toothbrush|bathroom brush clean dental
🧽 sponge|absorbing cleaning porous soak
🧯 fire_extinguisher|extinguish quench
🛒 shopping_cart|trolley
🚬 smoking|
⚰️ coffin|dead death vampire
🪦 headstone|cemetery dead grave graveyard
⚱️ funeral_urn|ashes death
🧿 nazar_amulet|bead blue charm evil-eye
🪬 hamsa|amulet fatima fortune guide
🗿 moyai|face statue stoneface travel
🪧 placard|card demonstration notice picket
🪪 identification_card|credentials document id license
🏧 atm|automated bank cash money
🚮 put_litter_in_its_place|bin litterbin sign
🚰 potable_water|drinking
♿️ wheelchair|access handicap symbol
🚹️ mens|bathroom lavatory man men’s
🚺️ womens|bathroom lavatory restroom room
🚻 restroom|bathroom lavatory toilet wc
🚼️ baby_symbol|changing
🚾 wc|bathroom closet lavatory restroom
🛂 passport_control|
🛃 customs|packing
🛄 baggage_claim|arrived bags case checked
🛅 left_luggage|baggage case locker
⚠️ warning|caution
🚸 children_crossing|child pedestrian traffic
⛔️ no_entry|do fail forbidden not
🚫 no_entry_sign|forbidden not smoke
🚳 no_bicycles|bicycle bike forbidden not
🚭️ no_smoking|forbidden not prohibited smoke
🚯 do_not_litter|forbidden littering no prohibited
🚱 non-potable_water|dry non-drinking prohibited
🚷 no_pedestrians|forbidden not pedestrian prohibited
📵 no_mobile_phones|cell forbidden not phone
🔞 underage|18 age eighteen forbidden
☢️ radioactive|sign
☣️ biohazard|sign
⬆️ arrow_up|cardinal direction north
↗️ arrow_upper_right|direction intercardinal northeast up-right
➡️ arrow_right|cardinal direction east
↘️ arrow_lower_right|direction down-right intercardinal southeast
⬇️ arrow_down|cardinal direction south
↙️ arrow_lower_left|direction down-left intercardinal southwest
⬅️ arrow_left|cardinal direction west
↖️ arrow_upper_left|direction intercardinal northwest up-left
↕️ arrow_up_down|up-down
↔️ left_right_arrow|left-right
↩️ leftwards_arrow_with_hook|curving left right
↪️ arrow_right_hook|curving left
⤴️ arrow_heading_up|curving right
⤵️ arrow_heading_down|curving right
🔃 arrows_clockwise|arrow refresh reload vertical
🔄 arrows_counterclockwise|again anticlockwise arrow button
🔙 back|arrow
🔚 end|arrow
🔛 on|arrow mark on!
🔜 soon|arrow brb omw
🔝 top|arrow homie up
🛐 place_of_worship|pray religion
⚛️ atom_symbol|atheist
🕉️ om|hindu religion
✡️ star_of_david|jew jewish judaism religion
☸️ wheel_of_dharma|buddhist religion
☯️ yin_yang|difficult lives religion tao
✝️ latin_cross|christ christian religion
☦️ orthodox_cross|christian religion
☪️ star_and_crescent|islam muslim ramadan religion
☮️ peace_symbol|healing peaceful
🕎 menorah|candelabrum candlestick hanukkah jewish
🔯 six_pointed_star|dotted fortune jewish judaism
🪯 khanda|deg fateh khalsa religion
♈️ aries|horoscope ram zodiac
♉️ taurus|bull horoscope ox zodiac
♊️ gemini|horoscope twins zodiac
♋️ cancer|crab horoscope zodiac
♌️ leo|horoscope lion zodiac
♍️ virgo|horoscope zodiac
♎️ libra|balance horoscope justice scales
♏️ scorpius|horoscope scorpio scorpion zodiac
♐️ sagittarius|archer horoscope zodiac
♑️ capricorn|goat horoscope zodiac
♒️ aquarius|bearer horoscope water zodiac
♓️ pisces|fish horoscope zodiac
⛎️ ophiuchus|bearer serpent snake zodiac
🔀 twisted_rightwards_arrows|arrow button crossed shuffle
🔁 repeat|arrow button clockwise
🔂 repeat_one|arrow button clockwise once
▶️ arrow_forward|button play right triangle
⏩️ fast_forward|arrow button double fast-forward
⏭️ next_track_button|arrow scene triangle
⏯️ play_or_pause_button|arrow right triangle
◀️ arrow_backward|button left reverse triangle
⏪️ rewind|arrow button double fast
⏮️ previous_track_button|arrow last scene triangle
🔼 arrow_up_small|button red upwards
⏫️ arrow_double_up|button fast
🔽 arrow_down_small|button downwards red
⏬️ arrow_double_down|button fast
⏸️ pause_button|bar double vertical
⏹️ stop_button|square
⏺️ record_button|circle
⏏️ eject_button|
🎦 cinema|camera film movie
🔅 low_brightness|button dim
🔆 high_brightness|bright button light
📶 signal_strength|antenna bar bars cell
🛜 wireless|broadband computer connectivity hotspot
📳 vibration_mode|cell communication mobile phone
📴 mobile_phone_off|cell telephone
♀️ female_sign|woman
♂️ male_sign|man
⚧️ transgender_symbol|
✖️ heavy_multiplication_x|cancel sign ×
➕️ heavy_plus_sign|+
➖️ heavy_minus_sign|- math −
➗️ heavy_division_sign|math ÷
🟰 heavy_equals_sign|answer equal equality math
♾️ infinity|forever unbounded universal
‼️ bangbang|! !! double exclamation
⁉️ interrobang|! !? ? exclamation
❓️ question|? mark punctuation red
❔️ grey_question|? mark outlined punctuation
❕️ grey_exclamation|! mark outlined punctuation
❗️ exclamation heavy_exclamation_mark|! punctuation red
〰️ wavy_dash|punctuation
💱 currency_exchange|bank money
💲 heavy_dollar_sign|billion cash charge currency
⚕️ medical_symbol|aesculapius medicine staff
♻️ recycle|recycling symbol
⚜️ fleur_de_lis|knights
🔱 trident|anchor emblem poseidon ship
📛 name_badge|
🔰 beginner|chevron green japanese leaf
⭕️ o|circle heavy hollow large
✅️ white_check_mark|button checked checkmark complete
☑️ ballot_box_with_check|checked done off tick
✔️ heavy_check_mark|checked checkmark done tick
❌️ x|cancel cross mark multiplication
❎️ negative_squared_cross_mark|button multiplication multiply square
➰️ curly_loop|curl
➿️ loop|curl curly double
〽️ part_alternation_mark|
✳️ eight_spoked_asterisk|* eight-spoked
✴️ eight_pointed_black_star|* eight-pointed
❇️ sparkle|*
©️ copyright|c
®️ registered|r
™️ tm|mark trade trademark
#️⃣ hash|keycap
*️⃣ asterisk|keycap
0️⃣ zero|0 keycap
1️⃣ one|1 keycap
2️⃣ two|2 keycap
3️⃣ three|3 keycap
4️⃣ four|4 keycap
5️⃣ five|5 keycap
6️⃣ six|6 keycap
7️⃣ seven|7 keycap
8️⃣ eight|8 keycap
9️⃣ nine|9 keycap
🔟 keycap_ten|
🔠 capital_abcd|input latin letters uppercase
🔡 abcd|input latin letters lowercase
🔢 1234|input numbers
🔣 symbols|% & input ♪
🔤 abc|alphabet input latin letters
🅰️ a|blood button type
🆎 ab|blood button type
🅱️ b|blood button type
🆑 cl|button
🆒 cool|button
🆓 free|button
ℹ️ information_source|i
🆔 id|button identity
Ⓜ️ m|circle circled
🆕 new|button
🆖 ng|button
🅾️ o2|blood button o type
🆗 ok|button okay
🅿️ parking|button p
🆘 sos|button help
🆙 up|button mark up!
🆚 vs|button versus
🈁 koko|button here japanese katakana
🈂️ sa|button charge japanese katakana
🈷️ u6708|amount button ideograph japanese
🈶 u6709|button charge free ideograph
🈯️ u6307|button ideograph japanese reserved
🉐 ideograph_advantage|bargain button japanese
🈹 u5272|button discount ideograph japanese
🈚️ u7121|button charge free ideograph
🈲 u7981|button ideograph japanese prohibited
🉑 accept|acceptable button ideograph japanese
🈸 u7533|application button ideograph japanese
🈴 u5408|button grade ideograph japanese
🈳 u7a7a|button ideograph japanese vacancy
㊗️ congratulations|button ideograph japanese
㊙️ secret|button ideograph japanese
🈺 u55b6|business button ideograph japanese
🈵 u6e80|button ideograph japanese no
🔴 red_circle|geometric
🟠 orange_circle|
🟡 yellow_circle|
🟢 green_circle|
🔵 large_blue_circle|geometric
🟣 purple_circle|
🟤 brown_circle|
⚫️ black_circle|geometric
⚪️ white_circle|geometric
🟥 red_square|card penalty
🟧 orange_square|
🟨 yellow_square|card penalty
🟩 green_square|
🟦 blue_square|
🟪 purple_square|
🟫 brown_square|
⬛️ black_large_square|geometric
⬜️ white_large_square|geometric
◼️ black_medium_square|geometric
◻️ white_medium_square|geometric
◾️ black_medium_small_square|geometric medium-small
◽️ white_medium_small_square|geometric medium-small
▪️ black_small_square|geometric
▫️ white_small_square|geometric
🔶 large_orange_diamond|geometric
🔷 large_blue_diamond|geometric
🔸 small_orange_diamond|geometric
🔹 small_blue_diamond|geometric
🔺 small_red_triangle|geometric pointed up
🔻 small_red_triangle_down|geometric pointed
💠 diamond_shape_with_a_dot_inside|comic geometric
🔘 radio_button|geometric
🔳 white_square_button|geometric outlined
🔲 black_square_button|geometric
🏁 checkered_flag|chequered finish flags game
🚩 triangular_flag_on_post|construction golf
🎌 crossed_flags|celebration cross japanese
🏴 black_flag|waving
🏳️ white_flag|waving
🏳️‍🌈 rainbow_flag|bisexual gay genderqueer glbt
🏳️‍⚧️ transgender_flag|blue light pink white
🏴‍☠️ pirate_flag|jolly plunder roger treasure
🇦🇨 ascension_island|AC flag
🇦🇩 andorra|AD flag
🇦🇪 united_arab_emirates|AE flag
🇦🇫 afghanistan|AF flag
🇦🇬 antigua_barbuda|AG flag
🇦🇮 anguilla|AI flag
🇦🇱 albania|AL flag
🇦🇲 armenia|AM flag
🇦🇴 angola|AO flag
🇦🇶 antarctica|AQ flag
🇦🇷 argentina|AR flag
🇦🇸 american_samoa|AS flag
🇦🇹 austria|AT flag
🇦🇺 australia|AU flag
🇦🇼 aruba|AW flag
🇦🇽 aland_islands|AX flag
🇦🇿 azerbaijan|AZ flag
🇧🇦 bosnia_herzegovina|BA flag
🇧🇧 barbados|BB flag
🇧🇩 bangladesh|BD flag
🇧🇪 belgium|BE flag
🇧🇫 burkina_faso|BF flag
🇧🇬 bulgaria|BG flag
🇧🇭 bahrain|BH flag
🇧🇮 burundi|BI flag
🇧🇯 benin|BJ flag
🇧🇱 st_barthelemy|BL flag
🇧🇲 bermuda|BM flag
🇧🇳 brunei|BN flag
🇧🇴 bolivia|BO flag
🇧🇶 caribbean_netherlands|BQ flag
🇧🇷 brazil|BR flag
🇧🇸 bahamas|BS flag
🇧🇹 bhutan|BT flag
🇧🇻 bouvet_island|BV flag
🇧🇼 botswana|BW flag
🇧🇾 belarus|BY flag
🇧🇿 belize|BZ flag
🇨🇦 canada|CA flag
🇨🇨 cocos_islands|CC flag
🇨🇩 congo_kinshasa|CD flag
🇨🇫 central_african_republic|CF flag
🇨🇬 congo_brazzaville|CG flag
🇨🇭 switzerland|CH flag
🇨🇮 cote_divoire|CI flag
🇨🇰 cook_islands|CK flag
🇨🇱 chile|CL flag
🇨🇲 cameroon|CM flag
🇨🇳 cn|CN flag
🇨🇴 colombia|CO flag
🇨🇵 clipperton_island|CP flag
🇨🇷 costa_rica|CR flag
🇨🇺 cuba|CU flag
🇨🇻 cape_verde|CV flag
🇨🇼 curacao|CW flag
🇨🇽 christmas_island|CX flag
🇨🇾 cyprus|CY flag
🇨🇿 czech_republic|CZ flag
🇩🇪 de|DE flag
🇩🇬 diego_garcia|DG flag
🇩🇯 djibouti|DJ flag
🇩🇰 denmark|DK flag
🇩🇲 dominica|DM flag
🇩🇴 dominican_republic|DO flag
🇩🇿 algeria|DZ flag
🇪🇦 ceuta_melilla|EA flag
🇪🇨 ecuador|EC flag
🇪🇪 estonia|EE flag
🇪🇬 egypt|EG flag
🇪🇭 western_sahara|EH flag
🇪🇷 eritrea|ER flag
🇪🇸 es|ES flag
🇪🇹 ethiopia|ET flag
🇪🇺 eu european_union|EU flag
🇫🇮 finland|FI flag
🇫🇯 fiji|FJ flag
🇫🇰 falkland_islands|FK flag
🇫🇲 micronesia|FM flag
🇫🇴 faroe_islands|FO flag
🇫🇷 fr|FR flag
🇬🇦 gabon|GA flag
🇬🇧 gb uk|GB flag
🇬🇩 grenada|GD flag
🇬🇪 georgia|GE flag
🇬🇫 french_guiana|GF flag
🇬🇬 guernsey|GG flag
🇬🇭 ghana|GH flag
🇬🇮 gibraltar|GI flag
🇬🇱 greenland|GL flag
🇬🇲 gambia|GM flag
🇬🇳 guinea|GN flag
🇬🇵 guadeloupe|GP flag
🇬🇶 equatorial_guinea|GQ flag
🇬🇷 greece|GR flag
🇬🇸 south_georgia_south_sandwich_islands|GS flag
🇬🇹 guatemala|GT flag
🇬🇺 guam|GU flag
🇬🇼 guinea_bissau|GW flag
🇬🇾 guyana|GY flag
🇭🇰 hong_kong|HK flag
🇭🇲 heard_mcdonald_islands|HM flag
🇭🇳 honduras|HN flag
🇭🇷 croatia|HR flag
🇭🇹 haiti|HT flag
🇭🇺 hungary|HU flag
🇮🇨 canary_islands|IC flag
🇮🇩 indonesia|ID flag
🇮🇪 ireland|IE flag
🇮🇱 israel|IL flag
🇮🇲 isle_of_man|IM flag
🇮🇳 india|IN flag
🇮🇴 british_indian_ocean_territory|IO flag
🇮🇶 iraq|IQ flag
🇮🇷 iran|IR flag
🇮🇸 iceland|IS flag
🇮🇹 it|IT flag
🇯🇪 jersey|JE flag
🇯🇲 jamaica|JM flag
🇯🇴 jordan|JO flag
🇯🇵 jp|JP flag
🇰🇪 kenya|KE flag
🇰🇬 kyrgyzstan|KG flag
🇰🇭 cambodia|KH flag
🇰🇮 kiribati|KI flag
🇰🇲 comoros|KM flag
🇰🇳 st_kitts_nevis|KN flag
🇰🇵 north_korea|KP flag
🇰🇷 kr|KR flag
🇰🇼 kuwait|KW flag
🇰🇾 cayman_islands|KY flag
🇰🇿 kazakhstan|KZ flag
🇱🇦 laos|LA flag
🇱🇧 lebanon|LB flag
🇱🇨 st_lucia|LC flag
🇱🇮 liechtenstein|LI flag
🇱🇰 sri_lanka|LK flag
🇱🇷 liberia|LR flag
🇱🇸 lesotho|LS flag
🇱🇹 lithuania|LT flag
🇱🇺 luxembourg|LU flag
🇱🇻 latvia|LV flag
🇱🇾 libya|LY flag
🇲🇦 morocco|MA flag
🇲🇨 monaco|MC flag
🇲🇩 moldova|MD flag
🇲🇪 montenegro|ME flag
🇲🇫 st_martin|MF flag
🇲🇬 madagascar|MG flag
🇲🇭 marshall_islands|MH flag
🇲🇰 macedonia|MK flag
🇲🇱 mali|ML flag
🇲🇲 myanmar|MM flag
🇲🇳 mongolia|MN flag
🇲🇴 macau|MO flag
🇲🇵 northern_mariana_islands|MP flag
🇲🇶 martinique|MQ flag
🇲🇷 mauritania|MR flag
🇲🇸 montserrat|MS flag
🇲🇹 malta|MT flag
🇲🇺 mauritius|MU flag
🇲🇻 maldives|MV flag
🇲🇼 malawi|MW flag
🇲🇽 mexico|MX flag
🇲🇾 malaysia|MY flag
🇲🇿 mozambique|MZ flag
🇳🇦 namibia|NA flag
🇳🇨 new_caledonia|NC flag
🇳🇪 niger|NE flag
🇳🇫 norfolk_island|NF flag
🇳🇬 nigeria|NG flag
🇳🇮 nicaragua|NI flag
🇳🇱 netherlands|NL flag
🇳🇴 norway|NO flag
🇳🇵 nepal|NP flag
🇳🇷 nauru|NR flag
🇳🇺 niue|NU flag
🇳🇿 new_zealand|NZ flag
🇴🇲 oman|OM flag
🇵🇦 panama|PA flag
🇵🇪 peru|PE flag
🇵🇫 french_polynesia|PF flag
🇵🇬 papua_new_guinea|PG flag
🇵🇭 philippines|PH flag
🇵🇰 pakistan|PK flag
🇵🇱 poland|PL flag
🇵🇲 st_pierre_miquelon|PM flag
🇵🇳 pitcairn_islands|PN flag
🇵🇷 puerto_rico|PR flag
🇵🇸 palestinian_territories|PS flag
🇵🇹 portugal|PT flag
🇵🇼 palau|PW flag
🇵🇾 paraguay|PY flag
🇶🇦 qatar|QA flag
🇷🇪 reunion|RE flag
🇷🇴 romania|RO flag
🇷🇸 serbia|RS flag
🇷🇺 ru|RU flag
🇷🇼 rwanda|RW flag
🇸🇦 saudi_arabia|SA flag
🇸🇧 solomon_islands|SB flag
🇸🇨 seychelles|SC flag
🇸🇩 sudan|SD flag
🇸🇪 sweden|SE flag
🇸🇬 singapore|SG flag
🇸🇭 st_helena|SH flag
🇸🇮 slovenia|SI flag
🇸🇯 svalbard_jan_mayen|SJ flag
🇸🇰 slovakia|SK flag
🇸🇱 sierra_leone|SL flag
🇸🇲 san_marino|SM flag
🇸🇳 senegal|SN flag
🇸🇴 somalia|SO flag
🇸🇷 suriname|SR flag
🇸🇸 south_sudan|SS flag
🇸🇹 sao_tome_principe|ST flag
🇸🇻 el_salvador|SV flag
🇸🇽 sint_maarten|SX flag
🇸🇾 syria|SY flag
🇸🇿 swaziland|SZ flag
🇹🇦 tristan_da_cunha|TA flag
🇹🇨 turks_caicos_islands|TC flag
🇹🇩 chad|TD flag
🇹🇫 french_southern_territories|TF flag
🇹🇬 togo|TG flag
🇹🇭 thailand|TH flag
🇹🇯 tajikistan|TJ flag
🇹🇰 tokelau|TK flag
🇹🇱 timor_leste|TL flag
🇹🇲 turkmenistan|TM flag
🇹🇳 tunisia|TN flag
🇹🇴 tonga|TO flag
🇹🇷 tr|TR flag
🇹🇹 trinidad_tobago|TT flag
🇹🇻 tuvalu|TV flag
🇹🇼 taiwan|TW flag
🇹🇿 tanzania|TZ flag
🇺🇦 ukraine|UA flag
🇺🇬 uganda|UG flag
🇺🇲 us_outlying_islands|UM flag
🇺🇳 united_nations|UN flag
🇺🇸 us|US flag
🇺🇾 uruguay|UY flag
🇺🇿 uzbekistan|UZ flag
🇻🇦 vatican_city|VA flag
🇻🇨 st_vincent_grenadines|VC flag
🇻🇪 venezuela|VE flag
🇻🇬 british_virgin_islands|VG flag
🇻🇮 us_virgin_islands|VI flag
🇻🇳 vietnam|VN flag
🇻🇺 vanuatu|VU flag
🇼🇫 wallis_futuna|WF flag
🇼🇸 samoa|WS flag
🇽🇰 kosovo|XK flag
🇾🇪 yemen|YE flag
🇾🇹 mayotte|YT flag
🇿🇦 south_africa|ZA flag
🇿🇲 zambia|ZM flag
🇿🇼 zimbabwe|ZW flag
🏴󠁧󠁢󠁥󠁮󠁧󠁿 england|flag gbeng
🏴󠁧󠁢󠁳󠁣󠁴󠁿 scotland|flag gbsct
🏴󠁧󠁢󠁷󠁬󠁳󠁿 wales|flag gbwls`
